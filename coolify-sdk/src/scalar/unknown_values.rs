//! Values that open enums do not list, for those who want to know of them.

use std::cell::RefCell;

thread_local! {
    /// What was met, while something listens.
    static MET: RefCell<Option<Vec<(&'static str, String)>>> = const { RefCell::new(None) };
}

/// An enum met a value that it does not list.
pub(crate) fn note(name: &'static str, value: &str) {
    MET.with_borrow_mut(|met| {
        if let Some(met) = met {
            met.push((name, value.to_owned()));
        }
    });
}

/// Does something, and returns with it the values that enums met on this thread
/// meanwhile: the enum's name and the value.
pub(crate) fn listen<T>(work: impl FnOnce() -> T) -> (T, Vec<(&'static str, String)>) {
    MET.set(Some(Vec::new()));
    let outcome = work();
    (outcome, MET.take().unwrap_or_default())
}
