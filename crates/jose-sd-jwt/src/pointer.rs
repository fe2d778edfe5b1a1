//! JSON Pointers (RFC 6901).

use alloc::borrow::Cow;

use crate::error::Error;

/// The reference tokens of a JSON Pointer, unescaped. The empty pointer, which is the whole document, has none.
pub(crate) fn tokens(pointer: &str) -> Result<impl Iterator<Item = Cow<'_, str>>, Error> {
    let rest = match pointer.strip_prefix('/') {
        Some(rest) => Some(rest),
        None if pointer.is_empty() => None,
        None => return Err(invalid(pointer)),
    };
    // `~` is followed by 0 or 1.
    if pointer.split('~').skip(1).any(|after| !after.starts_with(['0', '1'])) {
        return Err(invalid(pointer));
    }
    Ok(rest.into_iter().flat_map(|rest| rest.split('/')).map(unescape))
}

pub(crate) fn invalid(pointer: &str) -> Error {
    Error::Pointer(pointer.into())
}

fn unescape(token: &str) -> Cow<'_, str> {
    if token.contains('~') { Cow::Owned(token.replace("~1", "/").replace("~0", "~")) } else { token.into() }
}

/// The index that a token is, in the one spelling that RFC 6901 section 4 allows.
pub(crate) fn index(token: &str) -> Option<usize> {
    let canonical = token == "0" || !token.starts_with('0');
    (canonical && token.bytes().all(|digit| digit.is_ascii_digit())).then(|| token.parse().ok())?
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::*;

    /// The examples of RFC 6901 section 5.
    #[test]
    fn tokens_are_those_of_rfc_6901() {
        let of = |pointer| tokens(pointer).map(|tokens| tokens.collect::<Vec<_>>());
        assert_eq!(of("").unwrap(), Vec::<&str>::new());
        assert_eq!(of("/").unwrap(), [""]);
        assert_eq!(of("/foo/0").unwrap(), ["foo", "0"]);
        assert_eq!(of("/a~1b").unwrap(), ["a/b"]);
        assert_eq!(of("/m~0n").unwrap(), ["m~n"]);
        assert_eq!(of("/~01").unwrap(), ["~1"]);
        for malformed in ["foo", "/~", "/~2", "/a~"] {
            assert_eq!(of(malformed), Err(invalid(malformed)));
        }
    }

    #[test]
    fn an_index_has_one_spelling() {
        assert_eq!(["0", "10"].map(index), [Some(0), Some(10)]);
        assert_eq!(["", "00", "01", "-", "+1", "1e1", "99999999999999999999"].map(index), [None; 7]);
    }
}
