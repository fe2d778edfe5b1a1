// How JavaScript and a module here talk: a question is written into the module's memory at the address that `question`
// gives, and the answer of the function that is called then is read from there too. Pointers only leave: nothing here
// reads through one.

use std::sync::{Mutex, PoisonError};

static QUESTION: Mutex<Vec<u8>> = Mutex::new(Vec::new());
static ANSWER: Mutex<String> = Mutex::new(String::new());

/// Makes room for a question of `len` bytes and says where.
#[allow(unsafe_code, reason = "JavaScript finds what it calls by its name")]
#[unsafe(no_mangle)]
pub extern "C" fn question(len: usize) -> *mut u8 {
    let mut question = QUESTION.lock().unwrap_or_else(PoisonError::into_inner);
    question.clear();
    question.resize(len, 0);
    question.as_mut_ptr()
}

/// Where the last answer is.
#[allow(unsafe_code, reason = "JavaScript finds what it calls by its name")]
#[unsafe(no_mangle)]
pub extern "C" fn answer() -> *const u8 {
    ANSWER.lock().unwrap_or_else(PoisonError::into_inner).as_ptr()
}

/// Answers the question; the bytes of the answer.
pub(crate) fn exchange(reply: impl FnOnce(&str) -> String) -> usize {
    let question = QUESTION.lock().unwrap_or_else(PoisonError::into_inner);
    let text = str::from_utf8(&question).map_or_else(|_| String::new(), reply);
    let mut answer = ANSWER.lock().unwrap_or_else(PoisonError::into_inner);
    *answer = text;
    answer.len()
}
