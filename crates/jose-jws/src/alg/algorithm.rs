use core::fmt;
use core::marker::PhantomData;

use jose_jwa::JwsAlg;
use signature::SignatureEncoding;

/// An algorithm as a type: a row of the table in [`alg`](crate::alg).
pub trait Algorithm: Sealed + Send + Sync + 'static {
    /// Its identifier.
    const ALG: JwsAlg;

    /// The maximum length of a signature, in bytes.
    const MAX_SIGNATURE_LEN: usize;

    /// What a signer returns and a verifier takes. It is RustCrypto's type if that has the form and the rules of JWS, and
    /// [`Raw`] otherwise.
    type Signature: SignatureEncoding;
}

/// An algorithm that signs the digest of its message: RSA and ECDSA.
///
/// EdDSA goes over the message twice, and ML-DSA binds the key into its hash: both need the whole message.
#[doc(hidden)]
pub trait Prehashed: Algorithm {}

/// Its module is private, which seals [`Algorithm`].
#[expect(unnameable_types, reason = "it seals `Algorithm`")]
pub trait Sealed {}

/// A signature of algorithm `A` as its bytes.
///
/// This newtype lets the crate implement the `signature` traits for RustCrypto keys with the rules of JWS: strict Ed25519
/// verification, blinded RSA signing, both `s` values for ES256K.
pub struct Raw<A, B> {
    bytes: B,
    alg: PhantomData<fn() -> A>,
}

impl<A, B> Raw<A, B> {
    /// Takes bytes for a signature of the algorithm.
    pub const fn new(bytes: B) -> Self {
        Self { bytes, alg: PhantomData }
    }

    /// The bytes.
    pub const fn bytes(&self) -> &B {
        &self.bytes
    }
}

impl<A, B: Clone> Clone for Raw<A, B> {
    fn clone(&self) -> Self {
        Self::new(self.bytes.clone())
    }
}

impl<A, B: AsRef<[u8]>> fmt::Debug for Raw<A, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Raw({} bytes)", self.bytes.as_ref().len())
    }
}

impl<A, B: AsRef<[u8]>> AsRef<[u8]> for Raw<A, B> {
    fn as_ref(&self) -> &[u8] {
        self.bytes.as_ref()
    }
}

impl<'a, A, B: TryFrom<&'a [u8]>> TryFrom<&'a [u8]> for Raw<A, B> {
    type Error = B::Error;

    fn try_from(bytes: &'a [u8]) -> Result<Self, B::Error> {
        B::try_from(bytes).map(Self::new)
    }
}

impl<A, B> SignatureEncoding for Raw<A, B>
where
    A: 'static,
    B: 'static + AsRef<[u8]> + Clone + Send + Sync + for<'a> TryFrom<&'a [u8]>,
{
    type Repr = Self;
}
