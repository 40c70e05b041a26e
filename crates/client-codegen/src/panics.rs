//! Catches panics of progenitor without output on stderr.
//!
//! progenitor panics on some contracts that it does not support. The panic hook that is installed here is silent
//! on threads inside of [`catch`], and calls the previous hook on all others.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind, set_hook, take_hook};
use std::sync::Once;

thread_local! {
    /// The message of the last panic, while this thread is inside [`catch`].
    static CAUGHT: RefCell<Option<String>> = const { RefCell::new(None) };
    static DEPTH: RefCell<usize> = const { RefCell::new(0) };
}

/// A panic, with its message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Panic(String);

/// Runs `f`, and returns the message if it panics.
pub(crate) fn catch<T>(f: impl FnOnce() -> T) -> Result<T, Panic> {
    install();
    DEPTH.with_borrow_mut(|depth| *depth += 1);
    // The values that `f` borrows are dropped after a panic, so they are not used in an invalid state.
    let result = catch_unwind(AssertUnwindSafe(f));
    DEPTH.with_borrow_mut(|depth| *depth -= 1);
    let message = CAUGHT.take();
    result.map_err(|payload| Panic(message.unwrap_or_else(|| text(payload.as_ref()))))
}

fn install() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        let before = take_hook();
        set_hook(Box::new(move |info| {
            if DEPTH.with_borrow(|depth| *depth > 0) {
                CAUGHT.set(Some(message(info)));
            } else {
                before(info);
            }
        }));
    });
}

fn message(info: &PanicHookInfo<'_>) -> String {
    text(info.payload())
}

fn text(payload: &(dyn std::any::Any + Send)) -> String {
    payload
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a panic without a message".to_owned())
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::{Panic, catch};

    #[test]
    fn values_are_returned() {
        assert_eq!(catch(|| 3), Ok(3));
    }

    #[test]
    fn panics_become_messages_on_every_thread() {
        std::thread::scope(|scope| {
            for n in 0..8 {
                scope.spawn(move || {
                    assert_eq!(
                        catch(|| panic!("number {n}")),
                        Err::<(), _>(Panic(format!("number {n}")))
                    );
                    assert_eq!(
                        catch(|| panic!("plain")),
                        Err::<(), _>(Panic("plain".to_owned()))
                    );
                });
            }
        });
    }

    /// The panic hook is global, so this runs in a process of its own.
    #[test]
    #[ignore = "only_caught_panics_are_silent runs it"]
    fn one_panic_is_caught_and_one_is_not() {
        assert!(catch(|| panic!("the caught one")).is_err());
        let thread = std::thread::spawn(|| panic!("the other one"));
        assert!(thread.join().is_err());
    }

    #[test]
    fn only_caught_panics_are_silent() {
        let output = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "--ignored", "--nocapture"])
            .arg("panics::tests::one_panic_is_caught_and_one_is_not")
            .output()
            .unwrap();
        let printed = String::from_utf8(output.stderr).unwrap();
        assert!(
            String::from_utf8(output.stdout)
                .unwrap()
                .contains("1 passed")
        );
        assert!(printed.contains("the other one"), "{printed}");
        assert!(!printed.contains("the caught one"), "{printed}");
    }
}
