//! The event for the operator's log about a message that was not decrypted (feature `tracing`).

use jose_jwa::{JweAlg, JweEnc};

use crate::error::Error;

/// The step at which decryption failed. No caller learns it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step {
    /// The key agreement gave no shared secret.
    Agreement,
    /// The encrypted key was not encrypted to this key.
    EncryptedKey,
    /// The length of the decrypted key is not that of the content encryption algorithm.
    CekLength,
    /// One key of several gave no answer.
    Key,
    /// The initialization vector or the authentication tag has a wrong length.
    Lengths,
    /// The authentication tag does not fit the content.
    Tag,
    /// The plaintext does not inflate within the limits.
    Inflate,
}

/// The last step that failed, with one key or several. The event is emitted at the end.
#[derive(Debug)]
pub(crate) struct Failure {
    enc: Option<JweEnc>,
    last: Option<(Step, JweAlg)>,
}

impl Failure {
    pub(crate) fn new(enc: Option<JweEnc>) -> Self {
        Self { enc, last: None }
    }

    pub(crate) fn set(&mut self, step: Step, alg: JweAlg) {
        self.last = Some((step, alg));
    }

    /// The error of every message that was not decrypted.
    pub(crate) fn error(&self) -> Error {
        if let Some((step, alg)) = self.last {
            tell(step, alg, self.enc);
        }
        Error::Decryption
    }
}

/// With `RSA1_5`, the steps from the encrypted key to the tag are one: the difference is what Bleichenbacher's attack needs,
/// and does not belong in logs either.
#[cfg(feature = "tracing")]
fn tell(step: Step, alg: JweAlg, enc: Option<JweEnc>) {
    let enc = enc.map_or("", JweEnc::as_str);
    let step = match step {
        Step::EncryptedKey | Step::CekLength | Step::Tag if alg == JweAlg::Rsa1_5 => "encrypted-key-or-tag",
        Step::Agreement => "agreement",
        Step::EncryptedKey => "encrypted-key",
        Step::CekLength => "cek-length",
        Step::Key => "key",
        Step::Lengths => "iv-or-tag-length",
        Step::Tag => "tag",
        Step::Inflate => "inflate",
    };
    tracing::debug!(target: "jose_jwe", step, alg = alg.as_str(), enc, "decryption");
}

/// Without the feature there is no event.
#[cfg(not(feature = "tracing"))]
fn tell(_: Step, _: JweAlg, _: Option<JweEnc>) {}
