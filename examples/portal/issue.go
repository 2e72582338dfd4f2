package main

import (
	"context"
	"crypto"

	"github.com/vidimus/vidimus"
	"github.com/vidimus/vidimus/qr"
	"github.com/vidimus/vidimus/registry"
	"github.com/vidimus/vidimus/signer"
	"github.com/vidimus/vidimus/verify"
)

// newIssuer wires an issuer from a registry, a signing identity (PEM, PKCS#12 or
// any crypto.Signer) and a key for the QR codes.
func newIssuer(reg *registry.Registry, id *signer.Identity, qrKey crypto.Signer) (*vidimus.Issuer, error) {
	page, err := signer.NewPage(signer.DefaultTemplate(), signer.PageOptions{
		Signer: signer.SignerInfoOf(id.Certificate()), HoleSize: id.HoleSize(), Development: signer.IsDevelopment(id.Certificate())})
	if err != nil {
		return nil, err
	}
	sealer, err := qr.NewSigner("registry.example.org", qrKey)
	if err != nil {
		return nil, err
	}
	trust, err := verify.NewTrust(signer.EncodeCertificates(id.Chain()...))
	return &vidimus.Issuer{Series: "VD77", Registry: reg, Renderer: page, Sealer: sealer, Signer: id,
		Verifier: &verify.Product{Trust: trust, Keys: qr.KeySet{sealer.Key()}}}, err
}

// issue issues one certificate. The key makes it safe to repeat: a second call
// returns the same certificate.
func issue(ctx context.Context, is *vidimus.Issuer, key string, c vidimus.Certificate) (pdf []byte, err error) {
	issued, err := is.Issue(ctx, key, c)
	if err != nil {
		return nil, err
	}
	return issued.Document, nil
}
