//! What a key may be used for: its type, curve and size, and what it says about itself.

use jose_jwa::{AlgSet, JweAlg, JweEnc, JweFamily, JwsAlg, KeyOp, KeyType};

use crate::error::{Error, Usage, Weakness};
use crate::jwk::Jwk;
use crate::key::RsaLimits;
use crate::metadata::KeyAlg;

/// An operation with an algorithm.
///
/// A key whose `key_ops` are present serves the operation if one of these is among them:
///
/// | algorithm | encrypting | decrypting |
/// | --- | --- | --- |
/// | `dir` | `encrypt` | `decrypt` |
/// | AES Key Wrap, AES-GCM Key Wrap | `wrapKey` | `unwrapKey` |
/// | RSA | `wrapKey`, `encrypt` | `unwrapKey`, `decrypt` |
/// | ECDH-ES | `deriveKey`, `deriveBits` | `deriveKey`, `deriveBits` |
/// | PBES2, `HPKE-…-KE` | `deriveKey`, `deriveBits`, `wrapKey` | `deriveKey`, `deriveBits`, `unwrapKey` |
/// | `HPKE-…` | `deriveKey`, `deriveBits`, `encrypt` | `deriveKey`, `deriveBits`, `decrypt` |
///
/// `sign` and `verify` are the only ones for signatures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Operation {
    /// Signing, or computing a MAC.
    Sign(JwsAlg),
    /// Verifying a signature or a MAC.
    Verify(JwsAlg),
    /// Encrypting: wrapping a content encryption key, or agreeing on one.
    Encrypt(JweAlg),
    /// Decrypting: unwrapping a content encryption key, or agreeing on one.
    Decrypt(JweAlg),
}

impl Operation {
    /// The name of the algorithm. No two algorithms share one.
    fn alg(self) -> &'static str {
        match self {
            Self::Sign(alg) | Self::Verify(alg) => alg.as_str(),
            Self::Encrypt(alg) | Self::Decrypt(alg) => alg.as_str(),
        }
    }

    /// The values of `key_ops` (RFC 7517 section 4.3) that fit.
    ///
    /// RSA encrypts a key, and yet `encrypt` and `decrypt` are what such keys name as often.
    fn key_ops(self) -> &'static [KeyOp] {
        match self {
            Self::Sign(_) => &[KeyOp::Sign],
            Self::Verify(_) => &[KeyOp::Verify],
            Self::Encrypt(alg) => match alg.family() {
                JweFamily::Direct => &[KeyOp::Encrypt],
                JweFamily::KeyWrap | JweFamily::GcmKeyWrap => &[KeyOp::WrapKey],
                JweFamily::KeyEncryption => &[KeyOp::WrapKey, KeyOp::Encrypt],
                JweFamily::Password | JweFamily::HpkeKeyEncryption => {
                    &[KeyOp::DeriveKey, KeyOp::DeriveBits, KeyOp::WrapKey]
                }
                JweFamily::HpkeIntegrated => &[KeyOp::DeriveKey, KeyOp::DeriveBits, KeyOp::Encrypt],
                _ => &[KeyOp::DeriveKey, KeyOp::DeriveBits],
            },
            Self::Decrypt(alg) => match alg.family() {
                JweFamily::Direct => &[KeyOp::Decrypt],
                JweFamily::KeyWrap | JweFamily::GcmKeyWrap => &[KeyOp::UnwrapKey],
                JweFamily::KeyEncryption => &[KeyOp::UnwrapKey, KeyOp::Decrypt],
                JweFamily::Password | JweFamily::HpkeKeyEncryption => {
                    &[KeyOp::DeriveKey, KeyOp::DeriveBits, KeyOp::UnwrapKey]
                }
                JweFamily::HpkeIntegrated => &[KeyOp::DeriveKey, KeyOp::DeriveBits, KeyOp::Decrypt],
                _ => &[KeyOp::DeriveKey, KeyOp::DeriveBits],
            },
        }
    }

    fn needs_private(self) -> bool {
        matches!(self, Self::Sign(_) | Self::Decrypt(_))
    }
}

impl Jwk {
    /// Checks whether the key may be used for the operation: its type, curve, size and strength, its `use`, `key_ops`
    /// and `alg`, and whether it is private if the operation needs a private key.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] or [`Error::Weak`]: the rule that forbids it.
    pub fn check(&self, operation: Operation) -> Result<(), Error> {
        self.check_with(operation, RsaLimits::STRICT)
    }

    /// Like [`check`](Self::check), but with other limits for RSA keys that verify. For every other operation the limits
    /// stay at least [`RsaLimits::STRICT`].
    ///
    /// # Errors
    ///
    /// Those of [`check`](Self::check).
    pub fn check_with(&self, operation: Operation, limits: RsaLimits) -> Result<(), Error> {
        if operation.needs_private() && !self.is_private() {
            return Err(Usage::NotPrivate.into());
        }
        self.check_external(operation, limits)?;
        let Some(secret) = self.expose_secret_member("k") else { return Ok(()) };
        check_secret_len(operation, self.alg(), secret.len())
    }

    /// Like [`check_with`](Self::check_with), but for a key whose secret part is held elsewhere: the key may be public,
    /// and the length of a symmetric key is not checked.
    ///
    /// # Errors
    ///
    /// Those of [`check`](Self::check).
    pub fn check_external(&self, operation: Operation, limits: RsaLimits) -> Result<(), Error> {
        let fits = match operation {
            Operation::Sign(alg) | Operation::Verify(alg) => alg.takes(self.key_type(), self.curve()),
            Operation::Encrypt(alg) | Operation::Decrypt(alg) => alg.takes(self.key_type(), self.curve()),
        };
        if !fits {
            return Err(self.params.wrong_key(operation.alg()));
        }
        self.check_ops(operation)?;
        // A key of `dir` may name the content encryption algorithm instead (RFC 7518 section 4.5).
        let is_cek = matches!(operation, Operation::Encrypt(JweAlg::Dir) | Operation::Decrypt(JweAlg::Dir))
            && matches!(self.alg(), Some(KeyAlg::Enc(_)));
        if self.alg().is_some_and(|own| !is_cek && own.as_str() != operation.alg()) {
            return Err(Usage::AlgForbids { wanted: operation.alg() }.into());
        }
        if self.key_type() != KeyType::Rsa {
            return Ok(());
        }
        match operation {
            Operation::Verify(_) => limits.check(&self.params),
            _ => limits.at_least_strict().check(&self.params),
        }
    }

    /// The operations that [`check`](Self::check) allows.
    pub fn operations(&self) -> impl Iterator<Item = Operation> {
        let jws = JwsAlg::ALL.iter().flat_map(|alg| [Operation::Sign(*alg), Operation::Verify(*alg)]);
        let jwe = JweAlg::ALL.iter().flat_map(|alg| [Operation::Encrypt(*alg), Operation::Decrypt(*alg)]);
        jws.chain(jwe).filter(|operation| self.check(*operation).is_ok())
    }

    /// The content encryption algorithms that the key can be used with under this algorithm: for `dir` those that the key
    /// itself fits, for Integrated Encryption none, otherwise all.
    pub fn encs(&self, alg: JweAlg) -> AlgSet<JweEnc> {
        match alg.family() {
            JweFamily::Direct => {}
            JweFamily::HpkeIntegrated => return AlgSet::EMPTY,
            _ => return AlgSet::all(),
        }
        let Some(secret) = self.expose_secret_member("k") else { return AlgSet::EMPTY };
        JweEnc::ALL.iter().copied().filter(|enc| is_cek_of(self.alg(), secret.len(), *enc)).collect()
    }

    /// Whether it is a public key of a key agreement without any `key_ops`.
    fn is_agreement(&self, operation: Operation) -> bool {
        let Operation::Encrypt(alg) = operation else { return false };
        (alg.family() == JweFamily::KeyAgreement || alg.is_hpke())
            && !self.is_private()
            && self.key_ops_text().is_some_and(<[_]>::is_empty)
    }

    fn check_ops(&self, operation: Operation) -> Result<(), Error> {
        let ops = operation.key_ops();
        let Some(first) = ops.first() else { return Ok(()) };
        if self.metadata.key_use.as_ref().is_some_and(|own| own != first.key_use().as_str()) {
            return Err(Usage::UseForbids.into());
        }
        match self.key_ops() {
            // The Web Cryptography API writes an empty list for the public keys of agreements.
            Some(own) if own.is_empty() && self.is_agreement(operation) => Ok(()),
            Some(own) if !ops.iter().any(|op| own.contains(*op)) => {
                Err(Usage::KeyOpsForbid { op: *first }.into())
            }
            _ => Ok(()),
        }
    }
}

/// Whether a key of this length is one of the content encryption algorithm, and its own `alg` does not name another.
fn is_cek_of(own: Option<&KeyAlg>, len: usize, enc: JweEnc) -> bool {
    let named = match own {
        Some(KeyAlg::Enc(own)) => *own == enc,
        _ => true,
    };
    named && enc.cek_len() == len
}

/// A symmetric key has exactly the length that its algorithm takes (RFC 7518 sections 4.4, 4.5, 4.7), or at least that of
/// the hash (section 3.2).
fn check_secret_len(operation: Operation, own: Option<&KeyAlg>, found: usize) -> Result<(), Error> {
    let (Operation::Encrypt(alg) | Operation::Decrypt(alg)) = operation else {
        let (Operation::Sign(alg) | Operation::Verify(alg)) = operation else { return Ok(()) };
        return match alg.min_key_len() {
            Some(min) if found < min => Err(Error::Weak(Weakness::SecretTooShort { alg, found })),
            _ => Ok(()),
        };
    };
    let expected = match (alg.family(), own) {
        (JweFamily::Password, _) => Some(found.max(1)),
        (JweFamily::Direct, Some(KeyAlg::Enc(enc))) => Some(enc.cek_len()),
        (JweFamily::Direct, _) => JweEnc::ALL.iter().map(|enc| enc.cek_len()).find(|len| *len == found),
        _ => alg.kek_len(),
    };
    if expected == Some(found) {
        return Ok(());
    }
    Err(Usage::WrongLength { alg: alg.as_str(), expected, found }.into())
}
