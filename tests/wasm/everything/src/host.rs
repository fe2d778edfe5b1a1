//! What JavaScript does for the module.

use std::sync::Once;

#[allow(unsafe_code, reason = "functions of another language")]
#[link(wasm_import_module = "host")]
unsafe extern "C" {
    /// Fills the bytes with random numbers; 0 where that was done.
    safe fn random(at: *mut u8, len: usize) -> u32;
    /// Takes note of why the module is about to stop.
    safe fn panicked(at: *const u8, len: usize);
}

/// Where `getrandom`, and with it `SysRng`, has its random numbers from: that is what the setting in
/// `.cargo/config.toml` asks for.
#[allow(unsafe_code, reason = "`getrandom` finds it by its name")]
#[unsafe(no_mangle)]
extern "Rust" fn __getrandom_v03_custom(at: *mut u8, len: usize) -> Result<(), getrandom::Error> {
    if random(at, len) == 0 { Ok(()) } else { Err(getrandom::Error::new_custom(1)) }
}

/// A panic ends the module; JavaScript alone can still say what it was.
pub(crate) fn tell_of_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        std::panic::set_hook(Box::new(|panic| {
            let text = panic.to_string();
            panicked(text.as_ptr(), text.len());
        }));
    });
}
