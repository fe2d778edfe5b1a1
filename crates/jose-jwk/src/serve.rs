//! Which algorithms a key can serve: its type, curve and size, and what it says of itself.

use jose_jwa::{AlgSet, JweAlg, JweEnc, JweFamily, JwsAlg, KeyOp, KeyType};

use crate::key::RsaLimits;
use crate::metadata::{KeyAlg, Use};
use crate::{Error, Jwk, Weakness};

impl Jwk {
    /// Whether the key may be used for this algorithm and operation, [`KeyOp::Sign`] or [`KeyOp::Verify`].
    ///
    /// # Errors
    ///
    /// [`Error::WrongKey`], [`Error::NotPrivate`], [`Error::UseForbids`], [`Error::KeyOpsForbid`],
    /// [`Error::AlgForbids`] or [`Error::Weak`]: the rule that forbids it.
    pub fn check_jws(&self, alg: JwsAlg, op: KeyOp) -> Result<(), Error> {
        self.check_jws_with(alg, op, RsaLimits::STRICT)
    }

    /// The same with other limits for RSA keys, such as [`RsaLimits::LEGACY_VERIFY`]. To sign, a modulus of 2048 bits
    /// stays the least.
    ///
    /// # Errors
    ///
    /// As [`Jwk::check_jws`].
    pub fn check_jws_with(&self, alg: JwsAlg, op: KeyOp, limits: RsaLimits) -> Result<(), Error> {
        if !JwsAlg::for_key(self.key_type(), self.curve()).contains(alg) {
            return Err(Error::WrongKey);
        }
        self.check_op(op, op == KeyOp::Sign)?;
        self.check_alg(&alg.into())?;
        let secret_len = self.expose_secret_member("k").map(<[u8]>::len);
        if alg.min_key_len().zip(secret_len).is_some_and(|(min, len)| len < min) {
            return Err(Error::Weak(Weakness::SecretTooShort));
        }
        let min_bits = match op {
            KeyOp::Verify => limits.min_bits,
            _ => limits.min_bits.max(RsaLimits::STRICT.min_bits),
        };
        self.check_rsa(RsaLimits { min_bits, ..limits })
    }

    /// The algorithms for which [`Jwk::check_jws`] finds nothing to object.
    #[must_use]
    pub fn jws_algs(&self, op: KeyOp) -> AlgSet<JwsAlg> {
        JwsAlg::ALL.iter().copied().filter(|alg| self.check_jws(*alg, op).is_ok()).collect()
    }

    /// The rules for this key management algorithm but for the length of a symmetric key, for a key whose secret part may
    /// be held elsewhere: `private` says whether it is needed here. The operations are those of
    /// [`Jwk::check_jwe_encryption`].
    ///
    /// # Errors
    ///
    /// As [`Jwk::check_jws`].
    pub fn check_jwe(&self, alg: JweAlg, decrypts: bool, private: bool) -> Result<(), Error> {
        if !JweAlg::for_key(self.key_type(), self.curve()).contains(alg) {
            return Err(Error::WrongKey);
        }
        let mut result = Err(Error::KeyOpsForbid);
        for op in jwe_ops(alg, decrypts) {
            result = self.check_op(*op, private);
            if result.is_ok() {
                break;
            }
        }
        result?;
        // A key of `dir` may name the content encryption algorithm instead (RFC 7518 section 4.5).
        let is_cek = alg == JweAlg::Dir && matches!(self.alg(), Some(KeyAlg::Enc(_)));
        if !is_cek {
            self.check_alg(&alg.into())?;
        }
        self.check_rsa(RsaLimits::STRICT)
    }

    /// Whether the key may be used to encrypt to it, or to wrap or agree on a key, with this key management algorithm.
    /// Besides the type, curve, size and strength of the key, its `use` and `alg`, one of the operations that fit the
    /// algorithm must be in its `key_ops`, if it has them:
    ///
    /// | algorithm | encrypting | decrypting |
    /// | --- | --- | --- |
    /// | `dir` | `encrypt` | `decrypt` |
    /// | AES key wrap, also with GCM | `wrapKey` | `unwrapKey` |
    /// | RSA | `wrapKey`, `encrypt` | `unwrapKey`, `decrypt` |
    /// | ECDH-ES | `deriveKey`, `deriveBits` | `deriveKey`, `deriveBits` |
    /// | PBES2 | `deriveKey`, `deriveBits`, `wrapKey` | `deriveKey`, `deriveBits`, `unwrapKey` |
    ///
    /// # Errors
    ///
    /// As [`Jwk::check_jws`].
    pub fn check_jwe_encryption(&self, alg: JweAlg) -> Result<(), Error> {
        self.check_jwe(alg, false, self.key_type() == KeyType::Oct)?;
        self.check_jwe_size(alg)
    }

    /// The same to decrypt, for which a private or symmetric key is needed.
    ///
    /// # Errors
    ///
    /// As [`Jwk::check_jws`].
    pub fn check_jwe_decryption(&self, alg: JweAlg) -> Result<(), Error> {
        self.check_jwe(alg, true, true)?;
        self.check_jwe_size(alg)
    }

    /// The algorithms for which [`Jwk::check_jwe_encryption`] finds nothing to object.
    #[must_use]
    pub fn jwe_encryption_algs(&self) -> AlgSet<JweAlg> {
        JweAlg::ALL.iter().copied().filter(|alg| self.check_jwe_encryption(*alg).is_ok()).collect()
    }

    /// The algorithms for which [`Jwk::check_jwe_decryption`] finds nothing to object.
    #[must_use]
    pub fn jwe_decryption_algs(&self) -> AlgSet<JweAlg> {
        JweAlg::ALL.iter().copied().filter(|alg| self.check_jwe_decryption(*alg).is_ok()).collect()
    }

    /// A symmetric key is exactly as long as what it is for (RFC 7518 sections 4.4, 4.5, 4.7).
    fn check_jwe_size(&self, alg: JweAlg) -> Result<(), Error> {
        let Some(secret) = self.expose_secret_member("k") else { return Ok(()) };
        let len = secret.len();
        let fits = match (alg.family(), self.alg()) {
            (JweFamily::Direct, Some(KeyAlg::Enc(enc))) => enc.cek_len() == len,
            (JweFamily::Direct, _) => JweEnc::ALL.iter().any(|enc| enc.cek_len() == len),
            (JweFamily::Password, _) => len > 0,
            _ => alg.kek_len() == Some(len),
        };
        if fits { Ok(()) } else { Err(Error::WrongKey) }
    }

    fn check_op(&self, op: KeyOp, private: bool) -> Result<(), Error> {
        if private && !self.is_private() {
            return Err(Error::NotPrivate);
        }
        match &self.metadata.key_use {
            Some(Use::Known(key_use)) if *key_use == op.key_use() => {}
            None => {}
            Some(_) => return Err(Error::UseForbids),
        }
        match self.key_ops() {
            Some(ops) if !ops.contains(op) => Err(Error::KeyOpsForbid),
            _ => Ok(()),
        }
    }

    fn check_alg(&self, alg: &KeyAlg) -> Result<(), Error> {
        match self.alg() {
            Some(own) if own != alg => Err(Error::AlgForbids),
            _ => Ok(()),
        }
    }

    fn check_rsa(&self, limits: RsaLimits) -> Result<(), Error> {
        if self.key_type() == KeyType::Rsa { limits.check(self) } else { Ok(()) }
    }
}

/// The operations of RFC 7517 section 4.3 that fit the algorithm.
///
/// What RSA encrypts is a key, and yet `encrypt` and `decrypt` are what such keys name as often.
fn jwe_ops(alg: JweAlg, decrypts: bool) -> &'static [KeyOp] {
    match (alg.family(), decrypts) {
        (JweFamily::Direct, false) => &[KeyOp::Encrypt],
        (JweFamily::Direct, true) => &[KeyOp::Decrypt],
        (JweFamily::KeyWrap | JweFamily::GcmKeyWrap, false) => &[KeyOp::WrapKey],
        (JweFamily::KeyWrap | JweFamily::GcmKeyWrap, true) => &[KeyOp::UnwrapKey],
        (JweFamily::KeyEncryption, false) => &[KeyOp::WrapKey, KeyOp::Encrypt],
        (JweFamily::KeyEncryption, true) => &[KeyOp::UnwrapKey, KeyOp::Decrypt],
        (JweFamily::Password, false) => &[KeyOp::DeriveKey, KeyOp::DeriveBits, KeyOp::WrapKey],
        (JweFamily::Password, true) => &[KeyOp::DeriveKey, KeyOp::DeriveBits, KeyOp::UnwrapKey],
        _ => &[KeyOp::DeriveKey, KeyOp::DeriveBits],
    }
}
