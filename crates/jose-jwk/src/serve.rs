//! Which algorithms a key can serve: its type, curve and size, and what it says of itself.

use jose_jwa::{AlgSet, JweAlg, JwsAlg, KeyOp, KeyType};

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
        if !JwsAlg::for_key(self.key_type(), self.curve()).contains(alg) {
            return Err(Error::WrongKey);
        }
        self.check_op(op, op == KeyOp::Sign)?;
        self.check_alg(&alg.into())?;
        let secret_len = self.expose_secret_member("k").map(<[u8]>::len);
        if alg.min_key_len().zip(secret_len).is_some_and(|(min, len)| len < min) {
            return Err(Error::Weak(Weakness::SecretTooShort));
        }
        self.check_rsa()
    }

    /// The algorithms for which [`Jwk::check_jws`] finds nothing to object.
    #[must_use]
    pub fn jws_algs(&self, op: KeyOp) -> AlgSet<JwsAlg> {
        JwsAlg::ALL.iter().copied().filter(|alg| self.check_jws(*alg, op).is_ok()).collect()
    }

    /// Whether the key may be used for this key management algorithm and operation.
    ///
    /// The operation is the one of RFC 7517 section 4.3 that fits the algorithm; where several do, as with ECDH-ES
    /// (`deriveKey` or `deriveBits`), one that `key_ops` has is enough. `private` says whether the secret part is
    /// needed, as it is to decrypt.
    ///
    /// # Errors
    ///
    /// As [`Jwk::check_jws`].
    pub fn check_jwe(&self, alg: JweAlg, ops: &[KeyOp], private: bool) -> Result<(), Error> {
        if !JweAlg::for_key(self.key_type(), self.curve()).contains(alg) {
            return Err(Error::WrongKey);
        }
        let mut result = Err(Error::KeyOpsForbid);
        for op in ops {
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
        self.check_rsa()
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

    fn check_rsa(&self) -> Result<(), Error> {
        if self.key_type() == KeyType::Rsa { crate::key::RsaLimits::STRICT.check(self) } else { Ok(()) }
    }
}
