//! Collects values that open enums do not know.

use std::cell::RefCell;

thread_local! {
    /// The unknown values so far, while something listens.
    static MET: RefCell<Option<Vec<(&'static str, String)>>> = const { RefCell::new(None) };
}

/// Records a value that an enum does not know.
pub(crate) fn note(name: &'static str, value: &str) {
    MET.with_borrow_mut(|met| {
        if let Some(met) = met {
            met.push((name, value.to_owned()));
        }
    });
}

/// Calls a function, and also returns the unknown values of enums on this thread
/// meanwhile: the name of the enum and the value.
pub(crate) fn listen<T>(work: impl FnOnce() -> T) -> (T, Vec<(&'static str, String)>) {
    MET.set(Some(Vec::new()));
    let outcome = work();
    (outcome, MET.take().unwrap_or_default())
}
