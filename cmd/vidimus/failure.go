package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/spf13/cobra"

	"github.com/vidimus/vidimus"
	"github.com/vidimus/vidimus/internal/office"
	"github.com/vidimus/vidimus/internal/pki/trustlist"
	"github.com/vidimus/vidimus/registry"
	"github.com/vidimus/vidimus/signer"
)

// Exit statuses, the same for all commands.
const (
	exitOK            = 0
	exitFailed        = 1 // the answer is no: failed, rejected, not found, not in force
	exitUsage         = 2 // wrong flags or arguments
	exitIndeterminate = 3 // the answer is "cannot be told from what is here"
	exitError         = 4 // the question could not be worked on
)

// exitStatus is an error that only sets the exit status: all was said already.
type exitStatus int

func (e exitStatus) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

// usageError is a mistake in flags or arguments.
type usageError struct{ err error }

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

func usagef(format string, args ...any) error {
	return &usageError{fmt.Errorf(format, args...)}
}

// noError is an answer, not a failure: no, and why, in the user's language.
type noError struct {
	text string
	err  error
}

func (e *noError) Error() string { return e.text }
func (e *noError) Unwrap() error { return e.err }

// cobraUsage recognises what cobra finds after the flags are parsed: it has no
// error types for a missing flag.
func cobraUsage(err error) bool {
	return strings.HasPrefix(err.Error(), "required flag(s)") || strings.HasPrefix(err.Error(), "if any flags in the group")
}

// failureJSON is what --json prints instead of an answer. Programs decide by
// Code and Status; people read Message.
type failureJSON struct {
	Schema  string `json:"schema"` // vidimus.error/1
	Code    string `json:"code"`
	Message string `json:"message"`
	Status  int    `json:"status"` // the exit status
	File    string `json:"file,omitempty"`
}

// failureCodes names errors for programs. The first that fits counts; a code is
// never given a second meaning.
var failureCodes = []struct {
	err  error
	code string
}{
	{context.Canceled, "stopped"},
	{registry.ErrNotFound, "not-found"},
	{registry.ErrErased, "erased"},
	{trustlist.ErrNotFound, "not-found"},
	{vidimus.ErrChange, "change-refused"},
	{vidimus.ErrKeyReused, "key-reused"},
	{office.ErrTrustList, "trust-list-refused"},
	{office.ErrNoOffice, "no-office"},
	{office.ErrExists, "office-exists"},
	{office.ErrConfig, "configuration"},
	{office.ErrTable, "table"},
	{office.ErrNoAnchor, "no-anchor"},
	{office.ErrQRKey, "wrong-key"},
	{registry.ErrLogKey, "wrong-key"},
	{registry.ErrOrigin, "wrong-key"},
	{signer.ErrKeyMismatch, "wrong-key"},
	{signer.ErrPassword, "password"},
	{signer.ErrExpired, "signer-expired"},
	{signer.ErrNotYetValid, "signer-not-yet-valid"},
	{registry.ErrBusy, "busy"},
	{registry.ErrFull, "full"},
	{registry.ErrCorrupt, "corrupt"},
	{registry.ErrRollback, "rollback"},
	{registry.ErrAnchorConflict, "anchor-conflict"},
	{fs.ErrNotExist, "no-such-file"},
	{fs.ErrPermission, "permission"},
}

func failureCode(err error) string {
	for _, c := range failureCodes {
		if errors.Is(err, c.err) {
			return c.code
		}
	}
	return "failed"
}

// fail says what went wrong and returns the exit status: in words on errOut,
// and with --json as an object on out, too.
func fail(cmd *cobra.Command, asJSON bool, err error) int {
	out, errOut := cmd.OutOrStdout(), cmd.ErrOrStderr()
	var status exitStatus
	var usage *usageError
	var no *noError
	f := failureJSON{Schema: "vidimus.error/1", Message: err.Error(), Status: exitError}
	switch {
	case errors.As(err, &status):
		return int(status)
	case errors.As(err, &usage), cobraUsage(err):
		f.Code, f.Status = "usage", exitUsage
		fmt.Fprintf(errOut, "vidimus: %v\nRun 'vidimus help' for the commands and their flags.\n", err)
	case errors.As(err, &no):
		f.Code, f.Status = failureCode(err), exitFailed
		fmt.Fprintln(errOut, err)
	case errors.Is(err, context.Canceled):
		f.Code = "stopped"
		fmt.Fprintln(errOut, "vidimus: stopped")
	default:
		f.Code = failureCode(err)
		fmt.Fprintf(errOut, "vidimus: %v\n", err)
	}
	if asJSON {
		printFailure(out, f)
	}
	return f.Status
}

func printFailure(w io.Writer, f failureJSON) {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	_ = enc.Encode(f) // of strings; where the answer cannot be written, the status still says no
}
