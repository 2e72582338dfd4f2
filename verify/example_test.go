package verify_test

import (
	"context"
	"fmt"
	"log"
	"strings"

	"github.com/vidimus/vidimus/verify"
)

func ExampleFile() {
	upload := strings.NewReader("hello")
	report, err := verify.File(context.Background(), "passport.pdf", upload, upload.Size(),
		verify.Options{Profile: verify.ProfileUpload, Lang: "en"})
	if err != nil {
		log.Fatal(err) // could not check: nothing is known about the file
	}
	for _, f := range report.Findings {
		fmt.Println(f.Code, f.Message)
	}
	fmt.Println(report.Verdict())
	// Output:
	// ERR-FORMAT The file format is not accepted: other (allowed: pdf, jpeg, png)
	// failed
}
