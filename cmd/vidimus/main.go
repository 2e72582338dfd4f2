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
	"io"
	"os"
	"os/signal"
	"slices"
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

func execute(ctx context.Context, args []string, in io.Reader, out, errOut io.Writer) int {
	cmd := newRoot()
	cmd.SetArgs(args)
	cmd.SetIn(in)
	cmd.SetOut(out)
	cmd.SetErr(errOut)
	err := cmd.ExecuteContext(ctx)
	if err == nil {
		return exitOK
	}
	// A mistake in the flags may stand before --json, so that it was not read.
	return fail(cmd, slices.Contains(args, "--json") || slices.Contains(args, "--json=true"), err)
}
