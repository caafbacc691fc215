//! Checks that a call is made in a Tokio runtime with timers and I/O.

use std::{
    any::Any,
    future::{Future, poll_fn},
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    pin::pin,
    task::Poll,
};

use tokio::runtime::Handle;

use crate::{Error, ErrorKind, Result};

/// The beginning of Tokio's panic message if a runtime lacks one of its drivers.
const DRIVERLESS: &str = "A Tokio 1.x context was found, but";

/// Runs the future, and returns an error if there is no suitable runtime.
///
/// Tokio cannot be asked whether a runtime has timers and I/O: it panics when
/// they are first needed. This panic becomes an error; every other panic goes on.
pub(crate) async fn guard<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    if Handle::try_current().is_err() {
        return Err(
            Error::new(ErrorKind::NoRuntime, "there is no Tokio runtime here").with_hint(
                "await it within a Tokio runtime, such as a function under `#[tokio::main]`",
            ),
        );
    }
    let mut work = pin!(work);
    // After a panic the future is not polled again, only dropped.
    poll_fn(
        |cx| match catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(cx))) {
            Ok(poll) => poll,
            Err(panic) => match missing(&*panic) {
                Some(driver) => Poll::Ready(Err(driverless(driver))),
                None => resume_unwind(panic),
            },
        },
    )
    .await
}

/// Returns the driver that a panic of Tokio is about.
fn missing(panic: &(dyn Any + Send)) -> Option<&'static str> {
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())?;
    let (_, what) = text.split_once(DRIVERLESS)?;
    Some(if what.contains("timers") {
        "timers"
    } else {
        "I/O"
    })
}

fn driverless(driver: &str) -> Error {
    Error::new(
        ErrorKind::NoRuntime,
        format!("the Tokio runtime here has no {driver}"),
    )
    .with_hint("build the runtime with `enable_all()`; nothing was sent")
}

#[cfg(test)]
mod tests {
    use std::future::Future as _;
    use std::time::Duration;

    use tokio::{net::TcpListener, runtime::Builder, time::sleep};

    use super::guard;
    use crate::{Error, ErrorKind, Result};

    fn is_about(error: &Error, part: &str) -> bool {
        error.kind() == ErrorKind::NoRuntime && error.report().to_string().contains(part)
    }

    #[test]
    fn what_a_runtime_lacks_is_an_error() {
        let bare = Builder::new_current_thread().build().unwrap();
        let error = bare.block_on(guard(async {
            sleep(Duration::from_secs(1)).await;
            Ok(())
        }));
        assert!(is_about(&error.unwrap_err(), "no timers"));

        let timed = Builder::new_current_thread().enable_time().build().unwrap();
        let error = timed.block_on(guard(async {
            let _ = TcpListener::bind("127.0.0.1:0").await;
            Ok(())
        }));
        assert!(is_about(&error.unwrap_err(), "no I/O"));
    }

    #[tokio::test]
    async fn the_panic_of_the_runtime_may_be_of_either_type_of_text() {
        let timers = "A Tokio 1.x context was found, but timers are disabled.";
        let fails = async { std::panic::panic_any(timers) };
        let error = guard::<()>(fails).await.unwrap_err();
        assert_eq!(
            error.report().to_string(),
            "the Tokio runtime here has no timers\n  \
             hint: build the runtime with `enable_all()`; nothing was sent"
        );
        let io = timers.replace("timers are", "IO is");
        let fails = async { std::panic::panic_any(io) };
        let error = guard::<()>(fails).await.unwrap_err();
        assert_eq!(error.to_string(), "the Tokio runtime here has no I/O");
    }

    #[test]
    fn without_a_runtime_the_error_says_so() {
        let mut call = std::pin::pin!(guard(async { Ok(7) }));
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        let std::task::Poll::Ready(Err(error)) = call.as_mut().poll(&mut context) else {
            panic!("it fails at once")
        };
        assert_eq!(
            error.report().to_string(),
            "there is no Tokio runtime here\n  hint: await it within a Tokio runtime, such as a \
             function under `#[tokio::main]`"
        );
    }

    #[test]
    fn other_panics_stay_panics() {
        let runtime = Builder::new_current_thread().build().unwrap();
        let fails = async { std::panic::panic_any("a bug") };
        let caught = std::panic::catch_unwind(|| -> Result<()> { runtime.block_on(guard(fails)) });
        let panic = caught.unwrap_err();
        assert_eq!(panic.downcast_ref::<&str>(), Some(&"a bug"));
    }
}
