#!/bin/sh
# Makes the PEM files beside it with OpenSSL. The Ed25519 seed is the bytes 00 to 1f of the format document's known answers; the
# other keys are made to be refused. All are published, and nobody's secrets.
set -eu
cd "$(dirname "$0")"
seed() { awk 'BEGIN { for (i = 0; i < 32; i++) printf "\\%03o", i }'; }
printf '\060\056\002\001\000\060\005\006\003\053\145\160\004\042\004\040'"$(seed)" |
  openssl pkey -inform DER -out plain.private.pem
openssl pkey -in plain.private.pem -pubout -out plain.public.pem
openssl pkcs8 -topk8 -in plain.private.pem -passout pass:published -out encrypted.private.pem
openssl pkey -in plain.private.pem -text -out with-text.private.pem
openssl genpkey -algorithm x25519 -out x25519.private.pem
openssl pkey -in x25519.private.pem -pubout -out x25519.public.pem
openssl genpkey -algorithm ed448 -out ed448.private.pem
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out p256.private.pem
openssl ec -in p256.private.pem -out p256.sec1.pem 2>/dev/null
openssl req -x509 -key plain.private.pem -subj /CN=nobody -days 1 -out certificate.pem
