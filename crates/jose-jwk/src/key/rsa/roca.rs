//! The fingerprint of CVE-2017-15361 (ROCA): primes of the form `k * M + 65537^a mod M`, where `M` is the product of the
//! first primes. The modulus is then a power of 65537 modulo each of them.

/// The odd primes below 702.
const PRIMES: [u32; 125] = [
    3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103,
    107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167, 173, 179, 181, 191, 193, 197, 199, 211, 223,
    227, 229, 233, 239, 241, 251, 257, 263, 269, 271, 277, 281, 283, 293, 307, 311, 313, 317, 331, 337, 347,
    349, 353, 359, 367, 373, 379, 383, 389, 397, 401, 409, 419, 421, 431, 433, 439, 443, 449, 457, 461, 463,
    467, 479, 487, 491, 499, 503, 509, 521, 523, 541, 547, 557, 563, 569, 571, 577, 587, 593, 599, 601, 607,
    613, 617, 619, 631, 641, 643, 647, 653, 659, 661, 673, 677, 683, 691, 701,
];

/// Whether the modulus, in big-endian bytes, has the fingerprint. Of other keys of 2048 bits none ever will: the
/// chance is below 2^-100.
pub(super) fn is_vulnerable(n: &[u8]) -> bool {
    // As many primes as the affected library used for the size (without the first, which is 2).
    let count = match n.len().saturating_mul(8) {
        0..992 => 38,
        992..1984 => 70,
        _ => 125,
    };
    PRIMES.iter().take(count).all(|prime| {
        let residue = n.iter().fold(0_u32, |residue, octet| ((residue << 8) | u32::from(*octet)) % prime);
        core::iter::successors(Some(1), |power| Some(power * 65_537 % prime).filter(|power| *power != 1))
            .any(|power| power == residue)
    })
}
