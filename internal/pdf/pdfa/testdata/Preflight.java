// Prints "valid" or what PDFBox Preflight holds against a file as PDF/A-1b.
import org.apache.pdfbox.preflight.PreflightDocument;
import org.apache.pdfbox.preflight.ValidationResult;
import org.apache.pdfbox.preflight.exception.SyntaxValidationException;
import org.apache.pdfbox.preflight.parser.PreflightParser;

public class Preflight {
    public static void main(String[] args) throws Exception {
        ValidationResult result;
        PreflightParser parser = new PreflightParser(args[0]);
        try {
            parser.parse();
            try (PreflightDocument document = parser.getPreflightDocument()) {
                document.validate();
                result = document.getResult();
            }
        } catch (SyntaxValidationException e) {
            result = e.getResult();
        }
        System.out.println(result.isValid() ? "valid" : "invalid");
        for (ValidationResult.ValidationError error : result.getErrorsList()) {
            System.out.println(error.getErrorCode() + " " + error.getDetails());
        }
    }
}
