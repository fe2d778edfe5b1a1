//! DHKEM(X448, HKDF-SHA512) (RFC 9180 section 4.1, identifier 0x0021), which the crate `hpke` does not have.

use hkdf::{Hkdf, HkdfExtract};
use hpke::hybrid_array::sizes::{U56, U64};
use hpke::kem::SharedSecret;
use hpke::rand_core::CryptoRng;
use hpke::{Deserializable, HpkeError, Kem, Serializable};
use sha2::Sha512;
use subtle::{Choice, ConstantTimeEq};
use x448::StaticSecret;
use zeroize::Zeroizing;

const LEN: usize = 56;

/// The identifier of the KEM in labels (RFC 9180 section 4.1).
const SUITE: &[u8] = b"KEM\x00\x21";

pub(super) struct DhX448HkdfSha512;

/// A public key, and an encapsulated secret, which is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Public([u8; LEN]);

#[derive(Clone)]
pub(super) struct Private(Zeroizing<[u8; LEN]>);

impl ConstantTimeEq for Private {
    fn ct_eq(&self, other: &Self) -> Choice {
        self.0.as_slice().ct_eq(other.0.as_slice())
    }
}

fn bytes(encoded: &[u8]) -> Result<[u8; LEN], HpkeError> {
    encoded.try_into().map_err(|_| HpkeError::IncorrectInputLength(LEN, encoded.len()))
}

impl Serializable for Public {
    type OutputSize = U56;

    fn write_exact(&self, buf: &mut [u8]) {
        buf.copy_from_slice(&self.0);
    }
}

impl Deserializable for Public {
    fn from_bytes(encoded: &[u8]) -> Result<Self, HpkeError> {
        bytes(encoded).map(Self)
    }
}

impl Serializable for Private {
    type OutputSize = U56;

    fn write_exact(&self, buf: &mut [u8]) {
        buf.copy_from_slice(self.0.as_slice());
    }
}

impl Deserializable for Private {
    fn from_bytes(encoded: &[u8]) -> Result<Self, HpkeError> {
        bytes(encoded).map(|bytes| Self(Zeroizing::new(bytes)))
    }
}

/// `LabeledExtract` with an empty salt, and what expands its result.
fn labeled_extract(label: &[u8], ikm: &[u8]) -> Hkdf<Sha512> {
    let mut extract = HkdfExtract::<Sha512>::new(None);
    [b"HPKE-v1", SUITE, label, ikm].into_iter().for_each(|piece| extract.input_ikm(piece));
    extract.finalize().1
}

/// `LabeledExpand`.
fn labeled_expand(prk: &Hkdf<Sha512>, label: &[u8], info: &[u8], out: &mut [u8]) -> Result<(), HpkeError> {
    let len = u16::try_from(out.len()).map_err(|_| HpkeError::KdfOutputTooLong)?.to_be_bytes();
    let pieces = [len.as_slice(), b"HPKE-v1", SUITE, label, info];
    prk.expand_multi_info(&pieces, out).map_err(|_| HpkeError::KdfOutputTooLong)
}

/// `ExtractAndExpand` of what the two keys agree on. `None` if they agree on nothing, as with a point of low order.
fn shared_secret(
    own: &Private,
    peer: &Public,
    encapsulated: &Public,
    recipient: &Public,
) -> Option<SharedSecret<DhX448HkdfSha512>> {
    let z = StaticSecret::from(*own.0).diffie_hellman(&x448::PublicKey::from_bytes(&peer.0)?);
    // The public key is not of low order, unless its coordinate is not reduced: the secret must not be zero.
    if z.as_bytes().iter().fold(0, |any, byte| any | byte) == 0 {
        return None;
    }
    let mut secret = SharedSecret::default();
    let context = [encapsulated.0, recipient.0].concat();
    let prk = labeled_extract(b"eae_prk", z.as_bytes());
    labeled_expand(&prk, b"shared_secret", &context, &mut secret.0).ok()?;
    Some(secret)
}

impl Kem for DhX448HkdfSha512 {
    type PublicKey = Public;
    type PrivateKey = Private;
    type EncappedKey = Public;
    type NSecret = U64;

    const KEM_ID: u16 = 0x0021;

    fn sk_to_pk(sk: &Private) -> Public {
        Public(*x448::PublicKey::from(&StaticSecret::from(*sk.0)).as_bytes())
    }

    fn derive_keypair(ikm: &[u8]) -> (Private, Public) {
        let mut sk = Zeroizing::new([0; LEN]);
        // No output of this length is too long.
        let _ = labeled_expand(&labeled_extract(b"dkp_prk", ikm), b"sk", &[], &mut *sk);
        let sk = Private(sk);
        let pk = Self::sk_to_pk(&sk);
        (sk, pk)
    }

    fn decap(
        sk_recip: &Private,
        pk_sender_id: Option<&Public>,
        encapped_key: &Public,
    ) -> Result<SharedSecret<Self>, HpkeError> {
        // The modes that authenticate the sender's key are not used here.
        let recipient = pk_sender_id.is_none().then(|| Self::sk_to_pk(sk_recip));
        let recipient = recipient.ok_or(HpkeError::DecapError)?;
        shared_secret(sk_recip, encapped_key, encapped_key, &recipient).ok_or(HpkeError::DecapError)
    }

    fn encap_with_rng(
        pk_recip: &Public,
        sender_id_keypair: Option<(&Private, &Public)>,
        csprng: &mut impl CryptoRng,
    ) -> Result<(SharedSecret<Self>, Public), HpkeError> {
        let (own, encapped) = Self::gen_keypair_with_rng(csprng);
        let secret = shared_secret(&own, pk_recip, &encapped, pk_recip);
        let secret = secret.filter(|_| sender_id_keypair.is_none()).ok_or(HpkeError::EncapError)?;
        Ok((secret, encapped))
    }
}
