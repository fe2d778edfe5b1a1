//! What the programs have of the machine: a console, an end, a stack.

use core::fmt;
use core::hint;
use core::panic::PanicInfo;
use core::ptr;

use cortex_m_rt::STACK_PAINT_VALUE;
use cortex_m_semihosting::debug;
use cortex_m_semihosting::hio::{self, HostStream};
use rand_core::{TryCryptoRng, TryRng};

/// Where a program writes lines: a name and a value.
pub struct Console(HostStream);

impl Console {
    /// Writes a line with a text; `None` where there is nobody to read it.
    pub fn text(&mut self, name: &str, text: &str) -> Option<()> {
        self.write(name)?;
        self.write(" ")?;
        self.write(text)?;
        self.write("\n")
    }

    /// Writes a line with bytes, in hexadecimal.
    pub fn octets(&mut self, name: &str, octets: &[u8]) -> Option<()> {
        self.write(name)?;
        self.write(" ")?;
        for octet in octets {
            self.write(digit(octet >> 4))?;
            self.write(digit(octet & 15))?;
        }
        self.write("\n")
    }

    fn write(&mut self, text: &str) -> Option<()> {
        self.0.write_all(text.as_bytes()).ok()
    }
}

fn digit(value: u8) -> &'static str {
    let at = usize::from(value);
    "0123456789abcdef".get(at..=at).unwrap_or_default()
}

/// Runs a task, says how much of the stack was ever used, and ends the program: with a failure where there is no result.
pub fn run(task: fn(&mut [u8], &mut Console) -> Option<()>, buffer: &mut [u8]) -> ! {
    let done = hio::hstdout().ok().and_then(|stream| {
        let mut console = Console(stream);
        task(buffer, &mut console)?;
        console.octets("stack", &stack_used().to_be_bytes())
    });
    end(done)
}

fn end(done: Option<()>) -> ! {
    debug::exit(done.ok_or(()));
    loop {
        hint::spin_loop();
    }
}

/// With the feature `locations` a panic says where; without, nobody needs what it says, and it is not in the image.
#[panic_handler]
fn panic(info: &PanicInfo<'_>) -> ! {
    if cfg!(feature = "locations")
        && let (Some(location), Ok(stream)) = (info.location(), hio::hstdout())
    {
        // A program that panics ends with a failure, said or not.
        let _ = Console(stream).text("panic", location.file());
    }
    end(None)
}

/// The bytes of the stack between its start and the first that still has its paint.
#[allow(unsafe_code, reason = "the stack is seen in no other way than through its addresses")]
fn stack_used() -> u32 {
    unsafe extern "C" {
        static _stack_start: u32;
        static _stack_end: u32;
    }
    let end = ptr::addr_of!(_stack_start);
    let mut at = ptr::addr_of!(_stack_end);
    // SAFETY: both symbols are `cortex-m-rt`'s, aligned; all words between them are RAM. They are read volatile because
    // the compiler knows of no object there.
    while at < end && unsafe { at.read_volatile() } == STACK_PAINT_VALUE {
        at = at.wrapping_add(1);
    }
    (end as u32).wrapping_sub(at as u32)
}

/// A random number generator that is out of order; the compiler does not know that it always is.
pub(crate) struct Broken;

impl Broken {
    fn give<T>(value: T) -> Result<T, fmt::Error> {
        if hint::black_box(true) { Err(fmt::Error) } else { Ok(value) }
    }
}

impl TryRng for Broken {
    type Error = fmt::Error;

    fn try_next_u32(&mut self) -> Result<u32, fmt::Error> {
        Self::give(4)
    }

    fn try_next_u64(&mut self) -> Result<u64, fmt::Error> {
        Self::give(4)
    }

    fn try_fill_bytes(&mut self, octets: &mut [u8]) -> Result<(), fmt::Error> {
        octets.fill(4);
        Self::give(())
    }
}

impl TryCryptoRng for Broken {}
