//! A Cortex-M4 in QEMU, whose output and end are this process's by semihosting.

use std::{
    io::Read as _,
    path::Path,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use xtask::Result;

/// How long a program may run; none takes a second.
const LIMIT: Duration = Duration::from_secs(60);

/// Runs a program: whether it ended well, and what it said.
pub(crate) fn run(program: &Path) -> Result<(bool, String)> {
    let mut qemu = Command::new("qemu-system-arm");
    qemu.args(["-machine", "mps2-an386", "-display", "none", "-monitor", "none", "-serial", "none"]);
    qemu.args(["-semihosting-config", "enable=on,target=native", "-kernel"]).arg(program);
    qemu.stdin(Stdio::null()).stdout(Stdio::piped());
    let mut child = qemu.spawn().map_err(|error| format!("qemu-system-arm: {error}"))?;
    let mut stdout = child.stdout.take().ok_or("QEMU has no output")?;
    let reader = thread::spawn(move || {
        let mut output = String::new();
        stdout.read_to_string(&mut output).map(|_| output)
    });
    let started = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if started.elapsed() > LIMIT {
            child.kill()?;
            child.wait()?;
            return Err(format!("{} runs for more than {} s", program.display(), LIMIT.as_secs()).into());
        }
        thread::sleep(Duration::from_millis(5));
    };
    let output = reader.join().map_err(|_| "the reader of QEMU's output panicked")??;
    Ok((status.success(), output))
}
