use jose_jwa::{Curve, Hash, KeyOp, KeyType, KeyUse, Status};

/// Covers K32.
#[test]
fn curve_rows_are_those_of_the_rfcs() {
    use KeyType::{Ec, Okp};
    use Status::{Optional, RecommendedPlus};

    // name, key type, coordinate bytes, secret bytes, signs, agrees, status
    let rows = [
        ("P-256", Ec, 32, 32, true, true, RecommendedPlus),
        ("P-384", Ec, 48, 48, true, true, Optional),
        ("P-521", Ec, 66, 66, true, true, Optional),
        ("secp256k1", Ec, 32, 32, true, true, Optional),
        ("Ed25519", Okp, 32, 32, true, false, Optional),
        ("Ed448", Okp, 57, 57, true, false, Optional),
        ("X25519", Okp, 32, 32, false, true, Optional),
        ("X448", Okp, 56, 56, false, true, Optional),
    ];
    assert_eq!(Curve::ALL.len(), rows.len());
    for (name, key_type, coordinate_len, secret_len, can_sign, can_agree, status) in rows {
        let curve = Curve::from_name(name).unwrap();
        assert_eq!(curve.key_type(), key_type, "{name}");
        assert_eq!(curve.coordinate_len(), coordinate_len, "{name}");
        assert_eq!(curve.secret_len(), secret_len, "{name}");
        assert_eq!(curve.can_sign(), can_sign, "{name}");
        assert_eq!(curve.can_agree(), can_agree, "{name}");
        assert_eq!(curve.status(), status, "{name}");
    }
}

#[test]
fn key_type_status_is_that_of_the_registry() {
    let rows = [
        (KeyType::Ec, Status::RecommendedPlus),
        (KeyType::Rsa, Status::Required),
        (KeyType::Oct, Status::Required),
        (KeyType::Okp, Status::Optional),
        (KeyType::Akp, Status::Optional),
    ];
    assert_eq!(KeyType::ALL.len(), rows.len());
    for (key_type, status) in rows {
        assert_eq!(key_type.status(), status, "{key_type}");
    }
}

/// Covers K08.
#[test]
fn members_are_those_of_the_rfcs() {
    // key type, required in public keys, secret
    let rows: [(KeyType, &[&str], &[&str]); 5] = [
        (KeyType::Ec, &["crv", "kty", "x", "y"], &["d"]),
        (KeyType::Rsa, &["e", "kty", "n"], &["d", "dp", "dq", "oth", "p", "q", "qi"]),
        (KeyType::Oct, &["kty"], &["k"]),
        (KeyType::Okp, &["crv", "kty", "x"], &["d"]),
        (KeyType::Akp, &["alg", "kty", "pub"], &["priv"]),
    ];
    assert_eq!(KeyType::ALL.len(), rows.len());
    for (key_type, public, secret) in rows {
        let members = key_type.members();
        let names = |keep: fn(&jose_jwa::Member) -> bool| -> Vec<&str> {
            members.iter().filter(|member| keep(member)).map(|member| member.name).collect()
        };
        assert_eq!(names(|member| member.required_public), public, "{key_type}");
        assert_eq!(names(|member| member.secret), secret, "{key_type}");
        assert_eq!(members.len(), public.len() + secret.len(), "{key_type}");
        assert!(members.is_sorted_by(|one, next| one.name < next.name), "{key_type}");
    }
}

/// RFC 7638 section 3.2, RFC 8037 section 2, RFC 9964; the order is that of RFC 7638 section 3.
///
/// Covers K22, E13.
#[test]
fn thumbprint_members_in_order() {
    let rows: [(KeyType, &[&str]); 5] = [
        (KeyType::Ec, &["crv", "kty", "x", "y"]),
        (KeyType::Rsa, &["e", "kty", "n"]),
        (KeyType::Oct, &["k", "kty"]),
        (KeyType::Okp, &["crv", "kty", "x"]),
        (KeyType::Akp, &["alg", "kty", "pub"]),
    ];
    assert_eq!(KeyType::ALL.len(), rows.len());
    for (key_type, expected) in rows {
        let hashed = key_type.members().iter().filter(|member| member.in_thumbprint);
        assert!(hashed.clone().is_sorted_by_key(|member| member.name.as_bytes()), "{key_type}");
        assert_eq!(hashed.map(|member| member.name).collect::<Vec<_>>(), expected, "{key_type}");
    }
}

/// Covers K15.
#[test]
fn each_operation_has_its_use() {
    let rows = [
        ("sign", KeyUse::Sig),
        ("verify", KeyUse::Sig),
        ("encrypt", KeyUse::Enc),
        ("decrypt", KeyUse::Enc),
        ("wrapKey", KeyUse::Enc),
        ("unwrapKey", KeyUse::Enc),
        ("deriveKey", KeyUse::Enc),
        ("deriveBits", KeyUse::Enc),
    ];
    assert_eq!(KeyOp::ALL.len(), rows.len());
    for (name, key_use) in rows {
        assert_eq!(KeyOp::from_name(name).unwrap().key_use(), key_use, "{name}");
    }
}

/// Covers K22.
#[test]
fn hash_rows_are_those_of_the_registries() {
    let rows = [
        ("SHA-1", 20, None),
        ("SHA-256", 32, Some("sha-256")),
        ("SHA-384", 48, Some("sha-384")),
        ("SHA-512", 64, Some("sha-512")),
    ];
    assert_eq!(Hash::ALL.len(), rows.len());
    for (name, output_len, name_rfc9278) in rows {
        let hash = Hash::from_name(name).unwrap();
        assert_eq!(hash.output_len(), output_len, "{name}");
        assert_eq!(hash.name_rfc9278(), name_rfc9278, "{name}");
    }
}
