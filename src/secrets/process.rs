//! Keeping this process's memory out of core files and debuggers.

use rustix::process::{Resource, Rlimit, setrlimit};

use super::SecretsError;

/// Keeps the memory of this process from being written to disk or read by other
/// processes of the same user. Call once, before the first secret is read.
///
/// Sets the core file limit to zero, and on Linux clears the dumpable attribute,
/// which also refuses `ptrace` (prctl(2), `PR_SET_DUMPABLE`). Its side effect:
/// `/proc/<pid>` of this process belongs to root from then on, so other processes of
/// the user cannot read its `exe` or `cwd`. Swap and hibernation are not covered.
///
/// # Errors
/// When the system refuses either.
pub fn harden_process() -> Result<(), SecretsError> {
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    setrlimit(Resource::Core, none)
        .map_err(|_| SecretsError::Internal("core files cannot be switched off"))?;
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        set_dumpable_behavior(DumpableBehavior::NotDumpable)
            .map_err(|_| SecretsError::Internal("the process cannot be made undumpable"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::env;
    use std::process::Command;

    use rustix::process::getrlimit;

    use super::*;

    const CHILD: &str = "CALLBOARD_TEST_HARDEN";

    /// Runs in a process of its own: hardening cannot be undone, and would change
    /// what other tests see.
    #[test]
    fn a_hardened_process_leaves_no_core_and_cannot_be_traced() {
        if env::var_os(CHILD).is_some() {
            harden_process().unwrap();
            assert_eq!(getrlimit(Resource::Core).current, Some(0));
            #[cfg(target_os = "linux")]
            assert_eq!(
                rustix::process::dumpable_behavior().unwrap(),
                rustix::process::DumpableBehavior::NotDumpable
            );
            return;
        }
        let child = Command::new(env::current_exe().unwrap())
            .args([
                "--exact",
                "secrets::process::tests::a_hardened_process_leaves_no_core_and_cannot_be_traced",
            ])
            .env(CHILD, "1")
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&child.stdout).into_owned();
        assert!(
            child.status.success() && told.contains("1 passed"),
            "{told}"
        );
    }
}
