//! Payloads that are JSON of the caller's own type.
//!
//! ```
//! # #[cfg(feature = "hmac")] {
//! use jose_jws::alg::{HmacKey, Hs256};
//! use jose_jws::{Key, compact, typed};
//! let key = Key::<Hs256, _>::new(HmacKey::new(b"a secret of at least 32 octets...")?);
//! let token = compact::sign(&key, &Default::default(), &typed::to_payload(&["a", "b"])?)?;
//! let verified = compact::verify(&key, &token)?;
//! let list: Vec<String> = typed::from_payload(verified.payload())?;
//! assert_eq!(list, ["a", "b"]);
//! # }
//! # Ok::<(), jose_jws::Error>(())
//! ```

use alloc::vec::Vec;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Error;

/// The JSON text of a value, to be signed.
///
/// # Errors
///
/// [`Error::PayloadType`] where the value is none of JSON's.
pub fn to_payload<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, Error> {
    serde_json::to_vec(value).map_err(|_| Error::PayloadType)
}

/// The value of a payload that was verified.
///
/// # Errors
///
/// [`Error::Encoding`] where the payload is not one strict JSON value: a member that stands twice is no way to say two
/// things; [`Error::PayloadType`] where it is of another type.
pub fn from_payload<T: DeserializeOwned>(payload: &[u8]) -> Result<T, Error> {
    let text = jose_b64::json::check(payload)?;
    serde_json::from_str(text).map_err(|_| Error::PayloadType)
}
