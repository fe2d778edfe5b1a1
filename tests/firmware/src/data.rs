//! Keys and messages. All keys are published examples; the messages are files of the folder `data`.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    reason = "every function here runs at compile time, where a panic is an error of the compiler's"
)]

/// The key of RFC 7515 appendix A.1.
pub(crate) const HS256_SECRET: [u8; 64] =
    octets("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow");

/// `d` of RFC 7515 appendix A.3.
pub(crate) const ES256_SECRET: [u8; 32] = octets("jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI");

/// `d` of RFC 8037 appendix A.1.
pub(crate) const ED25519_SECRET: [u8; 32] = octets("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A");

/// `x` of RFC 8037 appendix A.1.
pub(crate) const ED25519_PUBLIC: [u8; 32] = octets("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");

/// The public key of RFC 6979 appendix A.2.5, in the form of SEC 1.
pub(crate) const ES256_PUBLIC: [u8; 65] =
    octets("BGD-1LolWp0xyWHrdMY1bWjASbiSO2H6bOZpYi5g8p-2eQP-EAi4vJmkGunpVii8ZPLxsgwtfp9Rd6PClNRGIpk");

/// That of RFC 7515 appendix A.3.
pub(crate) const OTHER_PUBLIC: [u8; 65] =
    octets("BH_Nzidw9sRdQYPL7m_bS3tYBzM1e-nvE7rPbjx70VRFx_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0");

/// A content encryption key.
pub(crate) const CEK: [u8; 32] = octets("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8");

/// What the device says of itself.
pub(crate) const CLAIMS: &str = r#"{"iss":"dev-7","aud":"fleet","iat":1767225600,"exp":1767229200}"#;

/// The JWS Signing Input of the same for ES256, with a `kid`.
pub(crate) const SIGNING_INPUT: &str = "eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6ImRldi03In0.\
    eyJpc3MiOiJkZXYtNyIsImF1ZCI6ImZsZWV0IiwiaWF0IjoxNzY3MjI1NjAwLCJleHAiOjE3NjcyMjkyMDB9";

/// Manifests of a firmware, signed with OpenSSL.
pub(crate) const ES256_MANIFEST: &str = include_str!("../data/es256.jws");
pub(crate) const ED25519_MANIFEST: &str = include_str!("../data/ed25519.jws");

/// A setting, encrypted with OpenSSL.
pub(crate) const SETTING: &str = include_str!("../data/a256gcm.jwe");

/// A part of a compact serialization, decoded.
pub(crate) const fn part<const N: usize>(message: &str, index: usize) -> [u8; N] {
    let (start, end) = place(message, index);
    octets(message.split_at(end).0.split_at(start).1)
}

/// What stands before a part of a compact serialization, without the `.` between.
pub(crate) const fn before(message: &str, index: usize) -> &str {
    message.split_at(place(message, index).0 - 1).0
}

/// Where a part of a compact serialization starts and ends.
const fn place(message: &str, index: usize) -> (usize, usize) {
    let text = message.as_bytes();
    let (mut start, mut end, mut dots) = (0, 0, 0);
    while end < text.len() {
        if text[end] == b'.' {
            if dots == index {
                break;
            }
            dots += 1;
            start = end + 1;
        }
        end += 1;
    }
    (start, end)
}

/// The bytes of base64url, at compile time.
const fn octets<const N: usize>(text: &str) -> [u8; N] {
    let (mut octets, mut bits, mut have, mut at) = ([0; N], 0_u32, 0, 0);
    let mut next = 0;
    while next < text.len() {
        let value = match text.as_bytes()[next] {
            letter @ b'A'..=b'Z' => letter - b'A',
            letter @ b'a'..=b'z' => letter - b'a' + 26,
            digit @ b'0'..=b'9' => digit - b'0' + 52,
            b'-' => 62,
            b'_' => 63,
            _ => panic!("not base64url"),
        };
        bits = bits << 6 | value as u32;
        have += 6;
        if have >= 8 {
            have -= 8;
            octets[at] = (bits >> have) as u8;
            at += 1;
        }
        next += 1;
    }
    assert!(at == N, "another length");
    octets
}
