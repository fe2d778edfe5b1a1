//! A precomputed key accepts what the key that it came from accepts, and nothing else.

use std::collections::BTreeMap;

use crypto_bigint::modular::{BoxedMontyForm, BoxedMontyParams};
use crypto_bigint::{BoxedUint, Odd};
use curve25519_dalek::constants::{ED25519_BASEPOINT_POINT, EIGHT_TORSION};
use curve25519_dalek::scalar::Scalar as Ed25519Scalar;
use ecdsa::elliptic_curve::group::{Curve as _, Group};
use ecdsa::elliptic_curve::ops::Reduce;
use ecdsa::elliptic_curve::point::AffineCoordinates;
use ecdsa::elliptic_curve::sec1::{FromSec1Point, ModulusSize, ToSec1Point};
use ecdsa::elliptic_curve::{
    AffinePoint, CurveArithmetic, Field, FieldBytes, FieldBytesSize, PrimeField, ProjectivePoint, PublicKey,
    Scalar,
};
use ecdsa::{DigestAlgorithm, EcdsaCurve};
use jose_b64::base64url::{decode_to_vec, encode_to_string};
use jose_jwa::JwsFamily;
use jose_jwk::{Jwk, JwkSet, KeySpec};
use jose_jws::alg::Es256;
use jose_jws::{Candidate, Error, Header, JoseHeader, JwsAlg, Key, SigningKey};
use jose_jws::{Verify, VerifyHashed, VerifyingKey, VerifyingKeys, compact};
use sha2::{Digest, Sha512};

use crate::help::{Random, jwk, sign_raw};
use crate::keys;

/// The two forms of a key.
struct Pair {
    alg: JwsAlg,
    stock: VerifyingKey,
    precomputed: VerifyingKey,
}

/// How many signatures were compared, by the algorithm and whether they were accepted.
type Tally = BTreeMap<(&'static str, bool), usize>;

impl Pair {
    fn new(jwk: &Jwk, alg: JwsAlg) -> Self {
        let stock = VerifyingKey::from_jwk(jwk, alg).unwrap();
        Self { alg, precomputed: stock.clone().precomputed(), stock }
    }

    /// Whether both forms accept the signature, in one piece, in parts and in chunks.
    fn accepts(&self, tally: &mut Tally, message: &[u8], signature: &[u8]) -> bool {
        let header = format!(r#"{{"alg":"{}"}}"#, self.alg);
        let header = JoseHeader::parse(header.as_bytes()).unwrap();
        let one = |key: &VerifyingKey, message: &[&[u8]]| {
            let unprotected = JoseHeader::EMPTY;
            let candidate = Candidate { alg: self.alg, header, unprotected, message, signature };
            let hashed = key.hasher(&candidate).and_then(|mut hasher| {
                message.iter().for_each(|part| hasher.update(part));
                key.verify_hashed(hasher, &candidate)
            });
            (key.verify(&candidate), hashed)
        };
        let expected = one(&self.stock, &[message]);
        let (head, tail) = message.split_at(message.len() / 3);
        assert_eq!(one(&self.precomputed, &[head, tail]), expected, "{} {signature:02x?}", self.alg);
        let accepted = expected.0.is_ok();
        *tally.entry((self.alg.as_str(), accepted)).or_default() += 1;
        accepted
    }

    /// Compares a signature that is right, and what becomes of it by small changes.
    fn and_changed(&self, tally: &mut Tally, random: &mut Random, message: &[u8], signature: &[u8]) {
        assert!(self.accepts(tally, message, signature), "{} {signature:02x?}", self.alg);
        for _ in 0..2 {
            let mut changed = signature.to_vec();
            flip(&mut changed, random);
            self.accepts(tally, message, &changed);
        }
        let mut other = message.to_vec();
        other.push(0);
        flip(&mut other, random);
        assert!(!self.accepts(tally, &other, signature));
        for other in [&signature[1..], &[signature, &[0]].concat(), &[&[0], signature].concat(), &[]] {
            assert!(!self.accepts(tally, message, other));
        }
        let (one, two) = signature.split_at(signature.len() / 2);
        let (all, none) = (vec![0xff; one.len()], vec![0; one.len()]);
        for halves in
            [[&none, two], [one, &none], [&none, &none], [&all, two], [one, &all], [&all, &all], [two, one]]
        {
            self.accepts(tally, message, &halves.concat());
        }
    }
}

/// Changes one bit.
fn flip(octets: &mut [u8], random: &mut Random) {
    let bit = random.next() as usize % (octets.len() * 8);
    octets[bit / 8] ^= 1 << (bit % 8);
}

/// A scalar of random octets, or of such as lead to the ends of a window: nothing, one, half, all, and around them.
fn octets(random: &mut Random, len: usize) -> Vec<u8> {
    let ends = [0x00, 0x01, 0x1f, 0x20, 0x21, 0x3f, 0x40, 0x7f, 0x80, 0x81, 0xfe, 0xff];
    let end = ends[random.next() as usize % ends.len()];
    match random.next() % 4 {
        0 => vec![end; len],
        1 => [vec![0; len - 1], vec![end]].concat(),
        2 => (0..len).map(|_| ends[random.next() as usize % ends.len()]).collect(),
        _ => random.octets(len),
    }
}

/// A public key for a point of the signature and a message: `Q = (s · R - z · G) / r`. The multiples that a verifier adds
/// are thereby free: `u1 = z / s`, `u2 = r / s`.
fn ecdsa_round<C>(alg: JwsAlg, tally: &mut Tally, random: &mut Random)
where
    C: EcdsaCurve + CurveArithmetic + DigestAlgorithm,
    FieldBytesSize<C>: ModulusSize,
    AffinePoint<C>: FromSec1Point<C> + ToSec1Point<C>,
{
    let generator = ProjectivePoint::<C>::generator();
    let len = FieldBytes::<C>::default().len();
    let scalar = |octets: &[u8]| {
        let mut field = FieldBytes::<C>::default();
        field[len - octets.len()..].copy_from_slice(octets);
        Scalar::<C>::reduce(&field)
    };
    // Not zero.
    let drawn = |random: &mut Random| loop {
        let drawn = scalar(&octets(random, len));
        if let Some(inverse) = Option::<Scalar<C>>::from(Field::invert(&drawn)) {
            return (drawn, inverse);
        }
    };
    // One less than the order, as octets.
    let greatest = (-Scalar::<C>::ONE).to_repr();
    let message = random.octets(50);
    let z = scalar(&C::Digest::digest(&message));

    let case = random.next() % 8;
    let (k, by_k) = drawn(random);
    let point = if case == 0 {
        // Its coordinate is more than the order, and not `r` itself.
        let (high, low) = greatest.split_at(len - 8);
        let low = u64::from_be_bytes(low.try_into().unwrap());
        let at = |above: u64| [&[2], high, &(low + above).to_be_bytes()].concat();
        let first = 2 + random.next() % 100;
        let point = (first..).find_map(|above| PublicKey::<C>::from_sec1_bytes(&at(above)).ok()).unwrap();
        assert!(point.as_affine().x() > greatest);
        *point.as_affine()
    } else {
        (generator * k).to_affine()
    };
    let r = Scalar::<C>::reduce(&point.x());
    let by_r = Field::invert(&r).unwrap();
    let (wanted, by_wanted) = drawn(random);
    let s = match case {
        1 | 2 => z * by_wanted,
        3 | 4 => r * by_wanted,
        // The two multiples are the same point.
        5 => z.double() * by_k,
        _ => wanted,
    };
    let key = match case {
        // They are the inverse of each other, and the sum is the point at infinity.
        6 => -(generator * (z * by_r)),
        _ => (ProjectivePoint::<C>::from(point) * s - generator * z) * by_r,
    };
    if key.is_identity().into() {
        return;
    }
    let encoded = key.to_affine().to_sec1_point(false);
    let (x, y) = encoded.as_bytes()[1..].split_at(len);
    let (x, y, curve) = (encode_to_string(x), encode_to_string(y), alg.curve().unwrap());
    let pair = Pair::new(&jwk(&format!(r#"{{"kty":"EC","crv":"{curve}","x":"{x}","y":"{y}"}}"#)), alg);
    let (r, s, other) = (r.to_repr(), s.to_repr(), (-s).to_repr());
    let signature = [r, s].concat();
    if case == 6 {
        assert!(!pair.accepts(tally, &message, &signature));
    } else {
        pair.and_changed(tally, random, &message, &signature);
        // Each `s` has another that fits.
        assert!(pair.accepts(tally, &message, &[r, other].concat()));
    }
    // Around the order.
    let mut number = greatest;
    for _ in 0..3 {
        for signature in [[number, s], [r, number], [number, number]] {
            pair.accepts(tally, &message, &signature.concat());
        }
        number[len - 1] += 1;
    }
}

/// A key and an `R`, each with a point of small order added to it or not: cofactorless, they verify where these cancel.
fn eddsa_round(alg: JwsAlg, tally: &mut Tally, random: &mut Random) {
    let drawn = |random: &mut Random| {
        let octets: [u8; 32] = octets(random, 32).try_into().unwrap();
        Ed25519Scalar::from_bytes_mod_order(octets)
    };
    let torsion = |random: &mut Random| EIGHT_TORSION[(random.next() % 16).saturating_sub(8) as usize];
    let (secret, nonce) = (drawn(random), drawn(random));
    let key = ED25519_BASEPOINT_POINT * secret + torsion(random);
    if key.is_small_order() {
        return;
    }
    let key = key.compress();
    let r = (ED25519_BASEPOINT_POINT * nonce + torsion(random)).compress();
    let message = random.octets(40);
    let hash = Sha512::new().chain_update(r.0).chain_update(key.0).chain_update(&message);
    let s = nonce + Ed25519Scalar::from_bytes_mod_order_wide(&hash.finalize().into()) * secret;
    let x = encode_to_string(&key.0);
    let pair = Pair::new(&jwk(&format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{x}"}}"#)), alg);
    let signature = [r.0, s.to_bytes()].concat();
    if pair.accepts(tally, &message, &signature) {
        pair.and_changed(tally, random, &message, &signature);
    }
    // S and the order of the group, 2^252 and more: the sum of the octets.
    let order = (-Ed25519Scalar::ONE).to_bytes();
    let mut more = signature.clone();
    let mut carry = 1;
    for (octet, of_order) in more[32..].iter_mut().zip(order) {
        carry += u16::from(*octet) + u16::from(of_order);
        *octet = carry as u8;
        carry >>= 8;
    }
    assert!(!pair.accepts(tally, &message, &more));
}

/// Encodings of which one bit is another, made by the private operation.
fn rsa_round(key: &Jwk, alg: JwsAlg, tally: &mut Tally, random: &mut Random) {
    let (pair, message) = (Pair::new(key, alg), random.octets(50));
    let signature = sign_raw(&SigningKey::from_jwk(key, alg).unwrap(), &message).unwrap();
    pair.and_changed(tally, random, &message, &signature);
    let [n, e, d] = [key.public_member("n"), key.public_member("e"), key.expose_secret_member("d")];
    let (n, e, d) = (n.unwrap(), e.unwrap(), d.unwrap());
    let encoded = power(&signature, e, n);
    // Any bit; the first bit of all; the last octet; the octet before the salt of PSS.
    let before_salt = n.len() - 2 * alg.hash().unwrap().output_len() - 2;
    for place in [None, Some((0, 0x80)), Some((n.len() - 1, 1)), Some((before_salt, 2))] {
        let mut changed = encoded.clone();
        match place {
            Some((at, bits)) => changed[at] ^= bits,
            None => flip(&mut changed, random),
        }
        let made = power(&changed, d, n);
        let right = encoded == power(&made, e, n);
        assert_eq!(pair.accepts(tally, &message, &made), right);
    }
    // Garbage behind a padding that is shorter.
    let mut shorter = encoded.clone();
    shorter.copy_within(10.., 2);
    assert!(!pair.accepts(tally, &message, &power(&shorter, d, n)));
    // 0, 1, and their negative numbers, of which the first is the modulus; and all of it once more.
    let modulus = BoxedUint::from_be_slice_vartime(n);
    let more = modulus.wrapping_add(BoxedUint::from_be_slice_vartime(&signature));
    let one = BoxedUint::one_with_precision(modulus.bits_precision());
    for number in [modulus.wrapping_sub(&modulus), one.clone(), modulus.wrapping_sub(&one), modulus, more] {
        pair.accepts(tally, &message, &number.to_be_bytes());
    }
}

/// `base ^ exponent mod modulus`.
fn power(base: &[u8], exponent: &[u8], modulus: &[u8]) -> Vec<u8> {
    let modulus = BoxedUint::from_be_slice_vartime(modulus);
    let params = BoxedMontyParams::new_vartime(Odd::new(modulus).unwrap());
    let power = BoxedMontyForm::new(BoxedUint::from_be_slice_vartime(base), &params)
        .pow(&BoxedUint::from_be_slice_vartime(exponent));
    power.retrieve().to_be_bytes().into()
}

/// Compares so many signatures, spread over the algorithms.
fn compare(signatures: usize, seed: u64, rsa: &[Jwk]) -> Tally {
    use JwsAlg::{Ed25519, EdDsa, Es256, Es256K, Es384, Es512, Ps256, Ps384, Ps512, Rs256, Rs384, Rs512};
    let (mut tally, mut random) = (Tally::new(), Random(seed));
    for round in 0.. {
        if tally.values().sum::<usize>() >= signatures {
            break;
        }
        ecdsa_round::<p256::NistP256>(Es256, &mut tally, &mut random);
        ecdsa_round::<p384::NistP384>(Es384, &mut tally, &mut random);
        ecdsa_round::<p521::NistP521>(Es512, &mut tally, &mut random);
        ecdsa_round::<k256::Secp256k1>(Es256K, &mut tally, &mut random);
        (0..4).for_each(|_| eddsa_round([Ed25519, EdDsa][round % 2], &mut tally, &mut random));
        let algs = [Rs256, Ps256, Rs384, Ps384, Rs512, Ps512];
        rsa_round(&rsa[round / 6 % rsa.len()], algs[round % 6], &mut tally, &mut random);
    }
    for (alg, accepted) in JwsAlg::ALL.iter().flat_map(|alg| [(*alg, true), (*alg, false)]) {
        let is_computed = !alg.is_symmetric() && alg.family() != JwsFamily::MlDsa && alg.as_str() != "Ed448";
        assert_eq!(tally.contains_key(&(alg.as_str(), accepted)), is_computed, "{alg}");
    }
    tally
}

/// Of an RSA key of 2048 bits, and of keys that are made for the signature.
///
/// Covers W17.
#[test]
fn precomputed_keys_accept_what_others_do() {
    compare(10_000, 1, &[jwk(keys::RSA)]);
}

/// With RSA keys of each length for which there is a width. It takes minutes.
///
/// Covers W17.
#[test]
#[ignore = "it takes minutes: run it after a change, with --release"]
fn a_million_signatures() {
    let mut random = Random(2);
    let keys = [2048, 3072, 4096].map(|bits| Jwk::generate(KeySpec::Rsa { bits }, &mut random).unwrap());
    let tallies: Vec<Tally> = std::thread::scope(|scope| {
        let threads = [3, 4, 5, 6].map(|seed| {
            scope.spawn({
                let keys = &keys;
                move || compare(250_000, seed, keys)
            })
        });
        threads.map(|thread| thread.join().unwrap()).into()
    });
    println!("{tallies:#?}");
}

/// What is not about speed stays: algorithms, `kid`, options, and whether a message may come in pieces.
///
/// Covers W17.
#[test]
fn a_precomputed_key_is_the_same_otherwise() {
    let jwk = jwk(keys::SECP256K1).with_kid("key-1");
    let key = VerifyingKey::from_jwk(&jwk, JwsAlg::Es256K).unwrap().require_low_s();
    let precomputed = key.clone().precomputed();
    assert_eq!((precomputed.kid(), precomputed.algs()), (key.kid(), key.algs()));
    assert_eq!(format!("{precomputed:?}"), format!("{key:?}"));
    assert_eq!(precomputed.why_not(JwsAlg::Es256), key.why_not(JwsAlg::Es256));

    let token = compact::sign(&SigningKey::try_from(&jwk).unwrap(), b"payload", &Header::new()).unwrap();
    let (input, signature) = token.rsplit_once('.').unwrap();
    let low = k256::ecdsa::Signature::from_slice(&decode_to_vec(signature.as_bytes()).unwrap()).unwrap();
    let high = k256::ecdsa::Signature::from_scalars(low.r(), -low.s()).unwrap();
    let high = format!("{input}.{}", encode_to_string(&high.to_bytes()));
    let other = VerifyingKey::from_jwk(&jwk, JwsAlg::Es256K).unwrap().precomputed();
    assert!(compact::verify(&other, &high).is_ok());
    for key in [&key, &precomputed] {
        assert!(compact::verify(key, &token).is_ok());
        assert_eq!(compact::verify(key, &high).err(), Some(Error::Signature));
    }

    let set = JwkSet::from_iter([jwk, self::jwk(keys::P256), self::jwk(keys::RSA), self::jwk(keys::OCT)]);
    let keys = VerifyingKeys::from_jwks(&set, [JwsAlg::Es256K, JwsAlg::Rs256, JwsAlg::Ed25519]).unwrap();
    let precomputed = keys.clone().precomputed();
    assert_eq!((precomputed.algs(), precomputed.skipped()), (keys.algs(), keys.skipped()));
    assert!(compact::verify(&precomputed, &token).is_ok());
}

/// Keys that have no other form.
///
/// Covers W17.
#[test]
fn keys_that_are_not_precomputed_verify_as_before() {
    let secret = jwk(keys::OCT);
    let token =
        compact::sign(&SigningKey::from_jwk(&secret, JwsAlg::Hs256).unwrap(), b"payload", &Header::new());
    let key = VerifyingKey::from_jwk(&secret, JwsAlg::Hs256).unwrap().precomputed();
    assert!(compact::verify(&key, &token.unwrap()).is_ok());

    // One of the caller's is not looked into: it takes a message in one piece, as before.
    let secret = p256::ecdsa::SigningKey::from_slice(&[7; 32]).unwrap();
    let key = VerifyingKey::new(Key::<Es256, _>::new(*secret.verifying_key())).precomputed();
    let token = compact::sign(&Key::<Es256, _>::new(secret), b"payload", &Header::new()).unwrap();
    assert!(compact::verify(&key, &token).is_ok());
    let header = JoseHeader::parse(br#"{"alg":"ES256"}"#).unwrap();
    let (unprotected, message, signature) = (JoseHeader::EMPTY, &[][..], &[][..]);
    let candidate = Candidate { alg: JwsAlg::Es256, header, unprotected, message, signature };
    assert_eq!(key.hasher(&candidate).err(), Some(Error::NotStreamable));
}
