use alloc::boxed::Box;

use jose_b64::Secret;
use jose_jwa::JweEnc;
use jose_jwk::Jwk;

use crate::enc::GcmKey;

/// A shared key or a password, and what is computed beforehand of one that encrypts content.
pub(super) struct Symmetric {
    bytes: Secret,
    direct: Option<Box<GcmKey>>,
}

impl Symmetric {
    /// The key of the JWK, which may be that of content encryption (`dir`).
    pub(super) fn new(jwk: &Jwk, is_direct: bool) -> Self {
        let bytes = jwk.expose_secret_member("k").unwrap_or_default();
        let direct = if is_direct { GcmKey::new(bytes).map(Box::new) } else { None };
        Self { bytes: bytes.into(), direct }
    }

    pub(super) fn expose(&self) -> &[u8] {
        self.bytes.expose()
    }

    /// The key prepared for this content encryption.
    pub(super) fn prepared(&self, enc: JweEnc) -> Option<&GcmKey> {
        self.direct.as_deref().filter(|key| key.enc() == enc)
    }
}
