;;; eglot.el --- Eglot drives the language server  -*- lexical-binding: t -*-

;; emacs --batch -l eglot.el; P2MLAB_SERVER is the program.  Ends with exit code 0, or tells what
;; failed and ends with 1.

(require 'eglot)
(require 'flymake)
(require 'xref)
(require 'imenu)

(defvar p2m-failures 0)
(defconst p2m-patience 60 "Seconds until something is given up.")

(define-derived-mode p2m-session-mode prog-mode "P2M session"
  "Sessions of p2mlab.")
(add-to-list 'eglot-server-programs
             `(p2m-session-mode . (,(getenv "P2MLAB_SERVER") "lsp")))

(defun p2m-check (what condition)
  (princ (format "%s %s\n" (if condition "ok" "FAILED") what) #'external-debugging-output)
  (unless condition (setq p2m-failures (1+ p2m-failures))))

(defmacro p2m-eventually (what condition)
  "Wait until CONDITION holds; Emacs serves the language server meanwhile."
  `(let ((end (+ (float-time) p2m-patience)))
     (while (and (not ,condition) (< (float-time) end))
       (accept-process-output nil 0.05))
     (p2m-check ,what ,condition)))

(defconst p2m-story
  '("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"domain.create\",\"params\":{\"domain\":1,\"privileged\":true}}"
    "{\"jsonrpc\":\"2.0\",\"method\":\"session.note\",\"params\":{\"text\":\"😀 und é\"}}"
    "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"domain.create\",\"params\":{\"domain\":2,\"ram\":[{\"gfn\":\"0x40000\",\"pages\":4}]}}"
    "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"grantFrame.map\",\"params\":{\"domain\":1,\"frame\":0,\"gfn\":\"0x38000\"}}"
    "{\"jsonrpc\":\"2.0\",\"id\":4,\"method\":\"physmap.unmap\",\"params\":{\"domain\":1,\"gfn\":\"0x38000\"}}"
    "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"foreignPage.map\",\"params\":{\"domain\":1,\"gfn\":\"0x38000\",\"from\":{\"domain\":2,\"gfn\":\"0x40001\"}}}"
    "{\"jsonrpc\":\"2.0\",\"id\":6,\"method\":\"grantFrame.map\",\"params\":{\"domain\":1,\"frame\":0,\"gfn\":\"0x38010\"}}"))

(defun p2m-problems ()
  "The lines of what is shown, in order."
  ;; What Eglot does when Emacs is idle, which it never is in a batch.
  (eglot--signal-textDocument/didChange)
  (flymake-start)
  (sort (mapcar (lambda (problem) (line-number-at-pos (flymake-diagnostic-beg problem)))
                (flymake-diagnostics))
        #'<))

(defun p2m-go (line text)
  (goto-char (point-min))
  (forward-line (1- line))
  (search-forward text (line-end-position))
  (backward-char 2))

(defun p2m-request (method)
  (jsonrpc-request (eglot--current-server-or-lose) method
                   (eglot--TextDocumentPositionParams)))

(defun p2m-run (file)
  (with-temp-file file
    (insert (string-join p2m-story "\n") "\n"))
  (setq eglot-confirm-server-initiated-edits nil)
  (find-file file)
  (p2m-session-mode)
  (apply #'eglot--connect (eglot--guess-contact))
  (p2m-check "the server starts" (eglot-managed-p))
  (p2m-eventually "violations are shown" (equal (p2m-problems) '(5 7)))

  (p2m-go 5 "physmap.unmap")
  (p2m-check "hover tells the state after the line"
             (string-match-p "tracked at 0x38000, mapped nowhere"
                             (plist-get (plist-get (p2m-request :textDocument/hover) :contents)
                                        :value)))
  (p2m-go 5 "0x38000")
  (let ((found (xref-backend-definitions 'eglot (xref-backend-identifier-at-point 'eglot))))
    (p2m-check "an unmap leads to the map that it undoes"
               (equal (mapcar (lambda (item) (xref-location-line (xref-item-location item))) found)
                      '(4))))

  ;; Eglot tells each change as it is made.
  (p2m-go 5 "\"gfn\"")
  (delete-char -1)
  (insert "m")
  (p2m-eventually "a mistake is shown"
                  (and (p2m-problems)
                       (seq-some (lambda (problem)
                                   (string-match-p "no parameter" (flymake-diagnostic-text problem)))
                                 (flymake-diagnostics))))
  (goto-char (point-min))
  (forward-line 4)
  (delete-region (line-beginning-position) (line-end-position))
  (insert (nth 4 p2m-story))
  (p2m-eventually "and put right" (equal (p2m-problems) '(5 7)))

  (goto-char (point-min))
  (forward-line 2)
  (insert "{\"jsonrpc\":\"2.0\",\"method\":\"session.note\",\"params\":{\"text\":\"äöü 😀\"}\n")
  (p2m-eventually "a line that is no message is shown" (equal (p2m-problems) '(3 6 8)))
  (forward-line -1)
  (end-of-line)
  (insert "}")
  (p2m-eventually "and put right" (equal (p2m-problems) '(6 8)))

  (p2m-check "the outline has notes with the requests below them"
             (let ((index (funcall imenu-create-index-function)))
               (string-match-p "grantFrame.map" (format "%S" index))))

  (goto-char (point-max))
  (insert "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"physmap.query\",\"params\":{\"domain\":1,\"gfn\":\"\"}}\n")
  (forward-line -1)
  (search-forward "\"gfn\":\"")
  (let* ((capf (eglot-completion-at-point))
         (words (all-completions "" (nth 2 capf))))
    (p2m-check "GFNs in use are completed"
               (seq-some (lambda (word) (string-match-p "0x38010" word)) words)))

  (let* ((actions (eglot-code-actions (point) (point) "refactor.rewrite"))
         (insertion (seq-find (lambda (action)
                                (string-prefix-p "Insert the reply" (plist-get action :title)))
                              actions)))
    ;; The line is not complete yet: its reply is that it is refused.
    (eglot--apply-workspace-edit (plist-get insertion :edit))
    (p2m-check "the reply is inserted" (save-excursion
                                         (search-forward "\"id\":7,\"error\"" nil t))))

  ;; Executed by the server, which has Eglot change the buffer, as it makes no files.
  (eglot-execute-command (eglot--current-server-or-lose) "p2mlab.shrink"
                         (vector (list :uri (eglot--path-to-uri file)
                                       :property "no-collateral-removal")))
  (p2m-eventually "a session is shrunk in its place"
                  (save-excursion (goto-char (point-min))
                                  (not (search-forward "physmap.query" nil t))))
  (p2m-eventually "and still violates the property" (p2m-problems))

  (goto-char (point-min))
  (insert " { \"method\" : \"server.info\" , \"jsonrpc\":\"2.0\",\"id\":9 }\n")
  (eglot-format-buffer)
  (p2m-check "a message is formatted"
             (save-excursion
               (goto-char (point-min))
               (looking-at "{\"jsonrpc\":\"2.0\",\"id\":9,\"method\":\"server.info\"}$")))

  (let* ((server (eglot--current-server-or-lose))
         (process (jsonrpc--process server)))
    (eglot-shutdown server nil p2m-patience)
    (p2m-check "the server ends when it is told to" (not (process-live-p process))))
  (set-buffer-modified-p nil))

(let ((file (make-temp-file "session" nil ".p2m.ndjson")))
  (condition-case problem (p2m-run file)
    (error (p2m-check (format "the test runs to its end: %S" problem) nil)))
  (ignore-errors (delete-file file))
  (kill-emacs (if (zerop p2m-failures) 0 1)))

;;; eglot.el ends here
