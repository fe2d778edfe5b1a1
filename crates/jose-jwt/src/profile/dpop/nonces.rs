use alloc::string::String;
use core::fmt;
use core::time::Duration;

use hmac::{Hmac, KeyInit as _, Mac as _};
use jose_b64::base64url;
use sha2::Sha256;

use crate::numeric_date::NumericDate;

/// Nonces for DPoP proofs that need no memory: each is made of a span of time and a secret, and is accepted in that span and the
/// next (RFC 9449 section 8). Servers with the same secret accept each other's.
///
/// ```
/// use std::time::Duration;
/// use jose_jwt::profile::{DpopNonces, DpopRequest, DpopVerifier};
/// use jose_jwt::rand_core::TryRng;
/// use jose_jwt::{JwsAlg, NumericDate, SysRng};
///
/// fn main() -> Result<(), Box<dyn std::error::Error>> {
///     let mut secret = [0; 64];
///     SysRng.try_fill_bytes(&mut secret)?;
///     let nonces = DpopNonces::new(&secret, Duration::from_secs(300));
///     let verifier = DpopVerifier::new(JwsAlg::Es256, Duration::from_secs(60));
///     let verifier = verifier.nonces(nonces.clone());
///
///     // A proof without a nonce is answered with the error `use_dpop_nonce` and this header.
///     println!("DPoP-Nonce: {}", nonces.current(NumericDate::now()?));
///     assert!(verifier.verify("", &DpopRequest::new("GET", "https://api.example")).is_err());
///     Ok(())
/// }
/// ```
#[derive(Clone)]
pub struct DpopNonces {
    mac: Hmac<Sha256>,
    span: Duration,
}

impl DpopNonces {
    /// Takes a secret of random bytes, and how long a nonce is given out, at least a second. It is accepted for as long again.
    #[must_use]
    pub fn new(secret: &[u8; 64], span: Duration) -> Self {
        Self { mac: Hmac::new(secret.into()), span: span.max(Duration::from_secs(1)) }
    }

    /// The nonce to give out.
    #[must_use]
    pub fn current(&self, now: NumericDate) -> String {
        self.of(self.index(now))
    }

    /// The nonces to accept: the current one and the one before.
    #[must_use]
    pub fn accepted(&self, now: NumericDate) -> [String; 2] {
        let index = self.index(now);
        [self.of(index), self.of(index.saturating_sub(1))]
    }

    fn index(&self, now: NumericDate) -> u64 {
        u64::try_from(now.seconds()).unwrap_or_default() / self.span.as_secs()
    }

    /// 144 bits of a MAC, in 24 characters.
    fn of(&self, index: u64) -> String {
        let mut mac = self.mac.clone();
        mac.update(b"DPoP nonce");
        mac.update(&index.to_be_bytes());
        let tag = mac.finalize().into_bytes();
        base64url::encode_to_string(tag.get(..18).unwrap_or_default())
    }
}

/// Does not show the secret.
impl fmt::Debug for DpopNonces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DpopNonces").field("span", &self.span).finish_non_exhaustive()
    }
}
