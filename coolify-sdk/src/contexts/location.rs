//! Where the configuration file is.

use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
};

use super::ContextProblem;
use crate::Result;

/// Returns the path of the file to read: the first that exists.
pub(super) fn find() -> Result<PathBuf> {
    let paths = System::of_this_program().paths(|name| env::var_os(name));
    // A file that may not be looked at is reported when it is read.
    let is_missing = |path: &Path| matches!(path.try_exists(), Ok(false));
    match paths.iter().find(|path| !is_missing(path)) {
        Some(path) => Ok(path.clone()),
        None if paths.is_empty() => Err(ContextProblem::NoHome.into()),
        None => Err(ContextProblem::FileMissing { paths }.into()),
    }
}

/// The systems that differ in where programs keep their configuration.
#[derive(Clone, Copy, Debug)]
enum System {
    Unix,
    MacOs,
    Windows,
}

impl System {
    const fn of_this_program() -> Self {
        if cfg!(windows) {
            Self::Windows
        } else if cfg!(target_os = "macos") {
            Self::MacOs
        } else {
            Self::Unix
        }
    }

    /// Returns where the file may be: first where the official command line has it, then
    /// where its first versions had it.
    fn paths(self, look_up: impl Fn(&str) -> Option<OsString>) -> Vec<PathBuf> {
        let folder = |name| {
            let folder = PathBuf::from(look_up(name)?);
            // XDG's rule, and an empty variable must not lead to the current folder.
            (folder.is_absolute()
                || matches!(self, Self::Windows) && !folder.as_os_str().is_empty())
            .then_some(folder)
        };
        let below_home = |path: &str| {
            let home = match self {
                Self::Windows => "USERPROFILE",
                Self::Unix | Self::MacOs => "HOME",
            };
            Some(folder(home)?.join(path))
        };
        let mut folders = match self {
            Self::Windows => [
                folder("APPDATA").or_else(|| below_home("AppData/Roaming")),
                folder("LOCALAPPDATA").or_else(|| below_home("AppData/Local")),
            ],
            Self::MacOs => [
                below_home(".config"),
                folder("XDG_CONFIG_HOME").or_else(|| below_home("Library/Application Support")),
            ],
            Self::Unix => [below_home(".config"), folder("XDG_CONFIG_HOME")],
        };
        if folders[0] == folders[1] {
            folders[1] = None;
        }
        let file = |folder: PathBuf| folder.join("coolify").join("config.json");
        folders.into_iter().flatten().map(file).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::System;

    fn paths(system: System, vars: &[(&str, &str)]) -> Vec<PathBuf> {
        system.paths(|name| {
            let var = vars.iter().find(|(it, _)| *it == name);
            var.map(|(_, value)| (*value).into())
        })
    }

    #[test]
    fn each_system_has_its_places() {
        let home = ("HOME", "/home/me");
        let cases: [(_, &[_], &[&str]); 12] = [
            (System::Unix, &[home], &["/home/me/.config"]),
            (
                System::Unix,
                &[home, ("XDG_CONFIG_HOME", "/xdg")],
                &["/home/me/.config", "/xdg"],
            ),
            (
                System::Unix,
                &[home, ("XDG_CONFIG_HOME", "/home/me/.config")],
                &["/home/me/.config"],
            ),
            (
                System::MacOs,
                &[home],
                &["/home/me/.config", "/home/me/Library/Application Support"],
            ),
            (System::Unix, &[("XDG_CONFIG_HOME", "/xdg")], &["/xdg"]),
            (System::Unix, &[("HOME", ""), ("XDG_CONFIG_HOME", "x")], &[]),
            (
                System::Windows,
                &[("APPDATA", "C:/Roaming"), ("USERPROFILE", "C:/me")],
                &["C:/Roaming", "C:/me/AppData/Local"],
            ),
            (
                System::Windows,
                &[("APPDATA", ""), ("LOCALAPPDATA", "D:/Local")],
                &["D:/Local"],
            ),
            (
                System::Windows,
                &[("USERPROFILE", "C:/me")],
                &["C:/me/AppData/Roaming", "C:/me/AppData/Local"],
            ),
            (
                System::Windows,
                &[("APPDATA", "C:/x"), ("LOCALAPPDATA", "C:/x")],
                &["C:/x"],
            ),
            (
                System::MacOs,
                &[home, ("XDG_CONFIG_HOME", "/xdg")],
                &["/home/me/.config", "/xdg"],
            ),
            (System::MacOs, &[], &[]),
        ];
        for (system, vars, folders) in cases {
            let file = |folder: &&str| PathBuf::from(folder).join("coolify/config.json");
            let expected: Vec<_> = folders.iter().map(file).collect();
            assert_eq!(paths(system, vars), expected, "{system:?} {vars:?}");
        }
    }
}
