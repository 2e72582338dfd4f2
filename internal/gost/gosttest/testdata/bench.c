/* Times one operation of libcrypto: bench sign|verify KEY.pem N, or
 * bench digest NAME SIZE N. Prints nanoseconds for all N. */
#include <openssl/conf.h>
#include <openssl/evp.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e9 + t.tv_nsec;
}

static int fail(void) {
  ERR_print_errors_fp(stderr);
  return 1;
}

int main(int argc, char **argv) {
  OPENSSL_init_crypto(OPENSSL_INIT_LOAD_CONFIG, NULL);
  long n = atol(argv[argc - 1]);
  double start;
  if (!strcmp(argv[1], "digest")) {
    const EVP_MD *md = EVP_get_digestbyname(argv[2]);
    size_t size = atol(argv[3]);
    unsigned char *data = calloc(1, size), out[64];
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    if (!md || !EVP_DigestInit_ex(ctx, md, NULL)) return fail();
    start = now();
    for (long i = 0; i < n; i++) EVP_DigestUpdate(ctx, data, size);
    EVP_DigestFinal_ex(ctx, out, NULL);
    printf("%.0f\n", now() - start);
    return 0;
  }
  FILE *f = fopen(argv[2], "r");
  EVP_PKEY *key = f ? PEM_read_PrivateKey(f, NULL, NULL, NULL) : NULL;
  if (!key) return fail();
  unsigned char digest[64], sig[256];
  size_t digest_len = EVP_PKEY_get_bits(key) / 8, sig_len = sizeof sig;
  memset(digest, 7, sizeof digest);
  EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
  if (EVP_PKEY_sign_init(ctx) <= 0 || EVP_PKEY_sign(ctx, sig, &sig_len, digest, digest_len) <= 0) return fail();
  start = now();
  if (!strcmp(argv[1], "sign")) {
    for (long i = 0; i < n; i++) {
      sig_len = sizeof sig;
      if (EVP_PKEY_sign(ctx, sig, &sig_len, digest, digest_len) <= 0) return fail();
    }
  } else {
    if (EVP_PKEY_verify_init(ctx) <= 0) return fail();
    start = now();
    for (long i = 0; i < n; i++)
      if (EVP_PKEY_verify(ctx, sig, sig_len, digest, digest_len) != 1) return fail();
  }
  printf("%.0f\n", now() - start);
  return 0;
}
