#!/usr/bin/env bash
# Makes the chains of this folder anew, with OpenSSL: one file a chain, the end entity's certificate first, its private key last.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT

# name, key: a private key.
key() {
    case $2 in
    P-*) openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:"$2" -out "$work/$1.key" ;;
    rsa*) openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:"${2#rsa}" -out "$work/$1.key" ;;
    *) openssl genpkey -quiet -algorithm "$2" -out "$work/$1.key" ;;
    esac
}

# name, issuer, subject, extensions, options of the signature: a certificate.
certificate() {
    local name=$1 issuer=$2 subject=$3 extensions=$4
    shift 4
    printf '[own]\n%b\n' "$extensions" >"$work/extensions"
    local by=(-key "$work/$name.key")
    [ "$issuer" = "$name" ] || by=(-CA "$work/$issuer.crt" -CAkey "$work/$issuer.key")
    printf '[req]\ndistinguished_name=dn\n[dn]\n' | cat - "$work/extensions" >"$work/config"
    openssl req -x509 -new -config "$work/config" -extensions own -subj "/CN=$subject" -days 36500 \
        -key "$work/$name.key" "${by[@]}" "$@" -out "$work/$name.crt"
}

chain() {
    local file=$1 first=$2
    shift
    for name in "$@"; do openssl x509 -in "$work/$name.crt" >>"$work/$file"; done
    cat "$work/$file" "$work/$first.key" >"$file.pem"
}

CA='basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign'
LEAF='basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature'

key root P-384
certificate root root Root "$CA" -sha384
cp "$work/root.crt" root.pem
key impostor P-384
certificate impostor impostor Root "$CA" -sha384
cp "$work/impostor.crt" other-root.pem

key authority P-384
certificate authority root Authority "$CA\n1.2.840.113635.100.6.2.1=ASN1:NULL" -sha384
key good P-256
certificate good authority Signer "$LEAF\nsubjectAltName=DNS:signer.example\nextendedKeyUsage=1.3.6.1.5.5.7.3.36\n1.2.840.113635.100.6.11.1=ASN1:NULL" -sha256
chain good good authority
chain with-root good authority root

key rsa-root rsa2048
pss=(-sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32)
certificate rsa-root rsa-root 'RSA Root' "$CA" "${pss[@]}"
cp "$work/rsa-root.crt" rsa-root.pem
key rsa-pss rsa2048
certificate rsa-pss rsa-root Signer "$LEAF" "${pss[@]}"
chain rsa-pss rsa-pss
key rsa-pkcs1 P-521
certificate rsa-pkcs1 rsa-root Signer "$LEAF" -sha512
chain rsa-pkcs1 rsa-pkcs1

key ed-root Ed25519
certificate ed-root ed-root 'Ed25519 Root' "$CA"
cp "$work/ed-root.crt" ed25519-root.pem
key ed25519 Ed25519
certificate ed25519 ed-root Signer "$LEAF"
chain ed25519 ed25519

key p521-root P-521
certificate p521-root p521-root 'P-521 Root' "$CA" -sha512
cp "$work/p521-root.crt" p521-root.pem
key p521 P-384
certificate p521 p521-root Signer "$LEAF" -sha384
chain p521 p521

# Each of these breaks one rule.
key plain P-256
certificate plain root Plain "$LEAF" -sha256
key not-ca P-256
certificate not-ca plain Signer "$LEAF" -sha256
chain not-ca not-ca plain

key bare P-256
certificate bare root Bare 'basicConstraints=CA:FALSE' -sha256
key not-ca-bare P-256
certificate not-ca-bare bare Signer "$LEAF" -sha256
chain not-ca-bare not-ca-bare bare

key short P-256
certificate short root Short 'basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign' -sha256
key below P-256
certificate below short Below "$CA" -sha256
key path-length P-256
certificate path-length below Signer "$LEAF" -sha256
chain path-length path-length below short

key named P-256
certificate named root Named "$CA\nnameConstraints=critical,permitted;DNS:other.example" -sha256
key name-constraint P-256
certificate name-constraint named Signer "$LEAF\nsubjectAltName=DNS:signer.example" -sha256
chain name-constraint name-constraint named

key authority-signs P-256
certificate authority-signs root Signer 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,digitalSignature' -sha256
chain authority-signs authority-signs

key leaf-usage P-256
certificate leaf-usage root Signer 'basicConstraints=CA:FALSE\nkeyUsage=critical,keyAgreement' -sha256
chain leaf-usage leaf-usage

key crl-only P-256
certificate crl-only root 'CRL Only' 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,cRLSign' -sha256
key issuer-usage P-256
certificate issuer-usage crl-only Signer "$LEAF" -sha256
chain issuer-usage issuer-usage crl-only

key critical P-256
certificate critical root Signer "$LEAF\n1.2.3.4=critical,ASN1:NULL" -sha256
chain critical critical

key weak rsa1024
certificate weak root Weak "$CA" -sha256
key weak-issuer P-256
certificate weak-issuer weak Signer "$LEAF" -sha256
chain weak-issuer weak-issuer weak

key sha1 P-256
certificate sha1 root Signer "$LEAF" -sha1
chain sha1 sha1
