// Command vidimus runs an accreditation registry: it issues certificates, keeps
// their register, answers over HTTP and checks signed files.
//
//	vidimus init                 make a folder with development keys
//	vidimus issue --csv a.csv    issue certificates
//	vidimus verify a.pdf         say what a signed file is worth
//	vidimus serve                answer over HTTP
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

func main() { os.Exit(run()) }

// run is main with a result, so that script tests can call it.
func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends a program that waits for its input
	return execute(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
}

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

// cobraUsage recognises what cobra finds after the flags are parsed: it has no
// error types for a missing flag.
func cobraUsage(err error) bool {
	return strings.HasPrefix(err.Error(), "required flag(s)") || strings.HasPrefix(err.Error(), "if any flags in the group")
}

func execute(ctx context.Context, args []string, in io.Reader, out, errOut io.Writer) int {
	cmd := newRoot()
	cmd.SetArgs(args)
	cmd.SetIn(in)
	cmd.SetOut(out)
	cmd.SetErr(errOut)
	err := cmd.ExecuteContext(ctx)
	var status exitStatus
	var usage *usageError
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &status):
		return int(status)
	case errors.As(err, &usage), cobraUsage(err):
		fmt.Fprintf(errOut, "vidimus: %v\nRun 'vidimus help' for the commands and their flags.\n", err)
		return exitUsage
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(errOut, "vidimus: stopped")
		return exitError
	}
	fmt.Fprintf(errOut, "vidimus: %v\n", err)
	return exitError
}
