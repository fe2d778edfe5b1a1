//! What goes into the wrapping of a content encryption key, and what comes out.

use alloc::string::String;
use alloc::vec::Vec;

use jose_jwa::JweEnc;
use jose_jwk::Jwk;

use crate::jwe::cek::Cek;
use crate::jwe::header::{GCM_IV_LEN, Union};

/// Values that are generated, unless they are fixed.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Generated<'g> {
    pub(crate) epk: Option<&'g Jwk>,
    pub(crate) iv: Option<[u8; GCM_IV_LEN]>,
    pub(crate) ikm: Option<&'g [u8]>,
    #[cfg_attr(
        not(feature = "pbes2"),
        expect(dead_code, reason = "the values of a family that the build lacks")
    )]
    pub(crate) password: Option<(&'g [u8], u32)>,
}

/// A content encryption key to be wrapped, and what the headers say. Where the recipient's key determines it, it is ignored.
pub(crate) struct ToWrap<'w> {
    pub(crate) enc: JweEnc,
    pub(crate) cek: &'w [u8],
    pub(crate) header: &'w Union<'w>,
    pub(crate) given: Generated<'w>,
}

/// What a key makes of a content encryption key.
#[derive(Default)]
pub(crate) struct Wrapped {
    /// The key that it determines itself: `dir` and `ECDH-ES`.
    pub(crate) cek: Option<Cek>,
    pub(crate) encrypted_key: Vec<u8>,
    /// The generated header parameters, with the JSON text of their values.
    pub(crate) members: Vec<(&'static str, String)>,
}

impl From<Vec<u8>> for Wrapped {
    fn from(encrypted_key: Vec<u8>) -> Self {
        Self { encrypted_key, ..Self::default() }
    }
}
