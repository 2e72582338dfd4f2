// Package qr makes and checks the QR code of a certificate.
package qr
