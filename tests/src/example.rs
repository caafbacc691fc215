//! The examples as programs.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

/// Returns the program of an example, such as `target/debug/examples/quickstart`.
/// It is built first if it is missing or older than what it is built from:
/// `cargo test --test NAME` does not build examples.
///
/// # Panics
///
/// Panics if it cannot be built.
#[must_use]
pub fn example(name: &str) -> PathBuf {
    // Only one of several tests builds; the others use the result.
    static BUILDING: Mutex<()> = Mutex::new(());
    let _one_at_a_time = BUILDING.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = profile_folder().join("examples");
    let program = folder.join(name).with_extension(env::consts::EXE_EXTENSION);
    if !is_fresh(&program, &folder.join(format!("{name}.d"))) {
        build(name);
    }
    assert!(
        program.exists(),
        "there is no {}; build it with `cargo build --examples`",
        program.display()
    );
    program
}

/// Returns the folder that cargo builds this test into, such as `target/debug`.
fn profile_folder() -> PathBuf {
    let test = env::current_exe().expect("a test has a path");
    let mut folder = test.parent().expect("it is in a folder").to_owned();
    if folder.ends_with("deps") {
        folder.pop();
    }
    folder
}

/// Returns whether a program is newer than all files that cargo built it from.
fn is_fresh(program: &Path, sources: &Path) -> bool {
    let (Some(built), Ok(text)) = (modified(program), fs::read_to_string(sources)) else {
        return false;
    };
    let listed = text.split_once(": ").map_or("", |(_, files)| files.trim());
    // Spaces in paths are escaped.
    let listed = listed.replace("\\ ", "\0");
    let mut files = listed.split(' ').map(|file| file.replace('\0', " "));
    files.all(|file| modified(Path::new(&file)).is_some_and(|it| it <= built))
}

fn modified(file: &Path) -> Option<SystemTime> {
    fs::metadata(file).ok()?.modified().ok()
}

fn build(name: &str) {
    let folder = profile_folder();
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
        .args(["build", "--quiet", "--example", name]);
    if folder.ends_with("release") {
        cargo.arg("--release");
    }
    // Cargo's variables for this test's package would look like a change to build
    // scripts, which would rebuild everything.
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            cargo.env_remove(&name);
        }
    }
    if let Some(target) = folder.parent() {
        cargo.arg("--target-dir").arg(target);
    }
    let built = cargo.status().is_ok_and(|status| status.success());
    assert!(built, "the example {name} does not build");
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_program_is_as_fresh_as_its_newest_source() {
        let folder = env::temp_dir().join(format!("sdk example {}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        let file = |name: &str| folder.join(name);
        let write = |name: &str, age: u64| {
            fs::write(file(name), "").expect("a file");
            let time = SystemTime::now() - Duration::from_secs(age);
            let opened = fs::File::options().write(true).open(file(name));
            opened.and_then(|it| it.set_modified(time)).expect("a time");
        };
        let escaped = |name: &str| file(name).display().to_string().replace(' ', "\\ ");
        let list = format!(
            "{}: {} {}\n",
            escaped("it"),
            escaped("a.rs"),
            escaped("b.rs")
        );
        write("a.rs", 100);
        write("b.rs", 90);
        write("it", 80);
        assert!(
            !is_fresh(&file("it"), &file("it.d")),
            "nothing says of what it is made"
        );
        fs::write(file("it.d"), list).expect("a file");
        assert!(is_fresh(&file("it"), &file("it.d")));
        write("b.rs", 70);
        assert!(!is_fresh(&file("it"), &file("it.d")));
        write("it", 60);
        assert!(is_fresh(&file("it"), &file("it.d")));
        fs::remove_file(file("a.rs")).expect("it is there");
        assert!(!is_fresh(&file("it"), &file("it.d")));
        fs::remove_dir_all(&folder).expect("it is there");
    }
}
