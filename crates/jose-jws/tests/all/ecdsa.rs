//! C1, C3, C4, C6: ECDSA on the four curves.

use jose_jws::alg::{Es256, Es384, Es512};
use jose_jws::{Error, Header, JwsAlg, Key, compact};

use crate::help::{hex, sign_raw, signer, verifier};
use crate::keys;

/// Each curve's key and the order of its group.
const CURVES: [(&str, JwsAlg, &str); 4] = [
    (keys::P256, JwsAlg::Es256, "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551"),
    (
        keys::P384,
        JwsAlg::Es384,
        "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF\
         C7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973",
    ),
    (
        keys::P521,
        JwsAlg::Es512,
        "01FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFA\
         51868783BF2F966B7FCC0148F709A5D03BB5C9B8899C47AEBB6FB71E91386409",
    ),
    (keys::SECP256K1, JwsAlg::Es256K, "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141"),
];

/// An honest token's signing input, and the two halves of its signature.
fn honest(key: &str, alg: JwsAlg) -> (String, Vec<u8>, Vec<u8>) {
    let token = compact::sign(&signer(key, alg), b"{}", &Header::new()).unwrap();
    let (input, signature) = token.rsplit_once('.').unwrap();
    let signature = jose_b64::base64url::decode_to_vec(signature.as_bytes()).unwrap();
    let (r, s) = signature.split_at(signature.len() / 2);
    (input.to_owned(), r.to_vec(), s.to_vec())
}

fn verify(key: &str, alg: JwsAlg, input: &str, signature: &[u8]) -> Result<(), Error> {
    let token = format!("{input}.{}", jose_b64::base64url::encode_to_string(signature));
    compact::verify(&verifier(key, alg), &token).map(|_| ())
}

/// `one - other`, big-endian.
fn minus(one: &[u8], other: &[u8]) -> Vec<u8> {
    let mut borrow = 0;
    let mut difference: Vec<u8> = one
        .iter()
        .zip(other)
        .rev()
        .map(|(one, other)| {
            let difference = i16::from(*one) - i16::from(*other) - borrow;
            borrow = i16::from(difference < 0);
            difference.rem_euclid(256) as u8
        })
        .collect();
    difference.reverse();
    difference
}

/// Covers C1.
#[test]
fn r_and_s_lie_between_1_and_n() {
    for (key, alg, n) in CURVES {
        let (input, r, s) = honest(key, alg);
        let n = hex(n);
        assert_eq!((n.len(), r.len(), s.len()), (n.len(), n.len(), n.len()), "{alg}");
        assert_eq!(verify(key, alg, &input, &[&r[..], &s].concat()), Ok(()));
        let values = [vec![0; n.len()], n.clone(), vec![0xff; n.len()]];
        for out in &values {
            for signature in [[&r[..], out], [out, &s], [out, out]] {
                assert_eq!(verify(key, alg, &input, &signature.concat()), Err(Error::Signature), "{alg}");
            }
        }
        for (one, other) in values.iter().flat_map(|one| values.iter().map(move |other| (one, other))) {
            let signature = [&one[..], other].concat();
            assert_eq!(verify(key, alg, &input, &signature), Err(Error::Signature), "{alg}");
        }
    }
}

/// RFC 7518 has no rule for the lower `s`, nor has RFC 8812: both fit.
///
/// Covers C4.
#[test]
fn either_s_verifies() {
    for (key, alg, n) in CURVES {
        let (input, r, s) = honest(key, alg);
        let other = minus(&hex(n), &s);
        assert_ne!(s, other);
        assert_eq!(verify(key, alg, &input, &[&r[..], &other].concat()), Ok(()), "{alg}");
    }
}

/// An ASN.1 INTEGER.
fn integer(octets: &[u8]) -> Vec<u8> {
    let start = octets.iter().position(|octet| *octet != 0).unwrap();
    let sign: &[u8] = if octets[start] >= 0x80 { &[0] } else { &[] };
    let octets = [sign, &octets[start..]].concat();
    [&[2, octets.len() as u8][..], &octets].concat()
}

/// Covers C3.
#[test]
fn only_r_and_s_side_by_side() {
    for (key, alg, _) in CURVES {
        let (input, r, s) = honest(key, alg);
        let body = [integer(&r), integer(&s)].concat();
        let long: &[u8] = if body.len() >= 0x80 { &[0x30, 0x81] } else { &[0x30] };
        let der = [long, &[body.len() as u8], &body[..]].concat();
        let zero: &[u8] = &[0];
        for signature in [
            der,
            [zero, &r, zero, &s].concat(),
            [&r[..], &s, zero].concat(),
            [zero, &r, &s].concat(),
            [&r[1..], &s[1..]].concat(),
            [&r[..], &s[1..]].concat(),
            [&s[..], &r].concat(),
            r.clone(),
            Vec::new(),
        ] {
            assert_eq!(verify(key, alg, &input, &signature), Err(Error::Signature), "{alg}");
        }
    }
}

/// C6, RFC 6979, A.2.5 to A.2.7, with the hash function of the algorithm: messages `sample` and `test`.
///
/// Covers C6.
#[test]
fn the_nonce_is_the_one_of_rfc_6979() {
    let p256 = p256::ecdsa::SigningKey::from_slice(&hex(
        "C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721",
    ));
    let p256 = Key::<Es256, _>::new(p256.unwrap());
    for (message, signature) in [
        (
            "sample",
            "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716\
             F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8",
        ),
        (
            "test",
            "F1ABB023518351CD71D881567B1EA663ED3EFCF6C5132B354F28D3B0B7D38367\
             019F4113742A2B14BD25926B49C649155F267E60D3814B4C0CC84250E46F0083",
        ),
    ] {
        assert_eq!(sign_raw(&p256, message.as_bytes()).unwrap(), hex(signature), "P-256, {message}");
    }
    let p384 = p384::ecdsa::SigningKey::from_slice(&hex(
        "6B9D3DAD2E1B8C1C05B19875B6659F4DE23C3B667BF297BA9AA47740787137D8\
         96D5724E4C70A825F872C9EA60D2EDF5",
    ));
    let p384 = Key::<Es384, _>::new(p384.unwrap());
    for (message, signature) in [
        (
            "sample",
            "94EDBB92A5ECB8AAD4736E56C691916B3F88140666CE9FA73D64C4EA95AD133C81A648152E44ACF96E36DD1E80FABE46\
             99EF4AEB15F178CEA1FE40DB2603138F130E740A19624526203B6351D0A3A94FA329C145786E679E7B82C71A38628AC8",
        ),
        (
            "test",
            "8203B63D3C853E8D77227FB377BCF7B7B772E97892A80F36AB775D509D7A5FEB0542A7F0812998DA8F1DD3CA3CF023DB\
             DDD0760448D42D8A43AF45AF836FCE4DE8BE06B485E9B61B827C2F13173923E06A739F040649A667BF3B828246BAA5A5",
        ),
    ] {
        assert_eq!(sign_raw(&p384, message.as_bytes()).unwrap(), hex(signature), "P-384, {message}");
    }
    let p521 = p521::ecdsa::SigningKey::from_slice(&hex(
        "00FAD06DAA62BA3B25D2FB40133DA757205DE67F5BB0018FEE8C86E1B68C7E75CA\
         A896EB32F1F47C70855836A6D16FCC1466F6D8FBEC67DB89EC0C08B0E996B83538",
    ));
    let p521 = Key::<Es512, _>::new(p521.unwrap());
    for (message, signature) in [
        (
            "sample",
            "00C328FAFCBD79DD77850370C46325D987CB525569FB63C5D3BC53950E6D4C5F17\
             4E25A1EE9017B5D450606ADD152B534931D7D4E8455CC91F9B15BF05EC36E377FA\
             00617CCE7CF5064806C467F678D3B4080D6F1CC50AF26CA209417308281B68AF28\
             2623EAA63E5B5C0723D8B8C37FF0777B1A20F8CCB1DCCC43997F1EE0E44DA4A67A",
        ),
        (
            "test",
            "013E99020ABF5CEE7525D16B69B229652AB6BDF2AFFCAEF38773B4B7D08725F10C\
             DB93482FDCC54EDCEE91ECA4166B2A7C6265EF0CE2BD7051B7CEF945BABD47EE6D\
             01FBD0013C674AA79CB39849527916CE301C66EA7CE8B80682786AD60F98F7E78A\
             19CA69EFF5C57400E3B3A0AD66CE0978214D13BAF4E9AC60752F7B155E2DE4DCE3",
        ),
    ] {
        assert_eq!(sign_raw(&p521, message.as_bytes()).unwrap(), hex(signature), "P-521, {message}");
    }
}

/// C6: the same token each time, and another for another message.
///
/// Covers C6.
#[test]
fn signing_is_deterministic() {
    for (key, alg, _) in CURVES {
        let sign = |payload: &[u8]| compact::sign(&signer(key, alg), payload, &Header::new()).unwrap();
        assert_eq!(sign(b"{}"), sign(b"{}"), "{alg}");
        let nonce = |token: &str| honest_r(token);
        assert_ne!(nonce(&sign(b"{}")), nonce(&sign(b"[]")), "{alg}");
    }
}

fn honest_r(token: &str) -> Vec<u8> {
    let signature = token.rsplit_once('.').unwrap().1;
    let mut signature = jose_b64::base64url::decode_to_vec(signature.as_bytes()).unwrap();
    signature.truncate(signature.len() / 2);
    signature
}
