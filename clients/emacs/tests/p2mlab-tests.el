;;; p2mlab-tests.el --- Tests of p2mlab.el on the real server  -*- lexical-binding: t; -*-

;;; Commentary:

;; Run by ../test, which says in P2MLAB_SERVER where the program is.

;;; Code:

(require 'ert)
(require 'cl-lib)
(require 'p2mlab)

(defconst p2mlab-tests--client
  (file-name-directory (directory-file-name (file-name-directory (or load-file-name buffer-file-name))))
  "The folder of the client.")

(defconst p2mlab-tests--root (expand-file-name "../.." p2mlab-tests--client)
  "The folder of the project.")

(defconst p2mlab-tests--story "examples/stale-frame.xen-4.16.ndjson")

(defconst p2mlab-tests--domain
  "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"domain.create\",\"params\":{\"domain\":1}}")

(defvar p2mlab-tests--told nil
  "What the echo area was told, the last first.")

(advice-add 'message :around
            (lambda (original format &rest arguments)
              (if (and (stringp format) (string-prefix-p "p2mlab:" format))
                  (push (apply #'format-message format arguments) p2mlab-tests--told)
                (let ((inhibit-message (equal format "[jsonrpc] %s")))
                  (apply original format arguments))))
            '((name . p2mlab-tests)))

(defmacro p2mlab-tests--eventually (condition)
  "Wait for CONDITION; nothing is measured, so the limit is generous."
  `(let ((tries 0))
     (while (not ,condition)
       (when (> (cl-incf tries) 6000) (ert-fail (list "never came" ',condition)))
       (accept-process-output nil 0.01))))

(defun p2mlab-tests--next-message ()
  "Wait for the next message, and return it."
  (p2mlab-tests--eventually p2mlab-tests--told)
  (prog1 (car (last p2mlab-tests--told))
    (setq p2mlab-tests--told (butlast p2mlab-tests--told))))

(defmacro p2mlab-tests--with-session (lines &rest body)
  "Evaluate BODY in a session of LINES: a list, or a file of the project."
  (declare (indent 1) (debug t))
  `(let ((session ,lines))
     (setq p2mlab-tests--told nil)
     (save-window-excursion
       (with-temp-buffer
         (if (stringp session)
             (insert-file-contents (expand-file-name session p2mlab-tests--root))
           (insert (string-join session "\n")))
         (goto-char (point-min))
         (p2mlab-mode)
         (switch-to-buffer (current-buffer))
         ,@body))))

(defun p2mlab-tests--marks ()
  "What is shown: a list of lines, each with the texts below it."
  (let (marks)
    (dolist (overlay (overlays-in (point-min) (point-max)))
      (when (overlay-get overlay 'p2mlab)
        (let* ((string (overlay-get overlay 'before-string))
               (line (line-number-at-pos (overlay-start overlay))))
          (push (cons (if (string-prefix-p "\n" string) line (1- line))
                      (split-string (substring-no-properties string) "\n" t))
                marks))))
    (sort marks #'car-less-than-car)))

(defun p2mlab-tests--at (line command)
  "Go to LINE, and call COMMAND."
  (goto-char (point-min))
  (forward-line (1- line))
  (call-interactively command))

(defun p2mlab-tests--state ()
  "The lines of the state's buffer."
  (when-let ((buffer (get-buffer "*p2mlab state*")))
    (with-current-buffer buffer (split-string (buffer-string) "\n" t))))

;;;; Running

(ert-deftest p2mlab-run-shows-every-reply-and-violation ()
  (p2mlab-tests--with-session p2mlab-tests--story
    (p2mlab-run-buffer)
    (should (equal (p2mlab-tests--next-message) "p2mlab: 11 replies, 0 differences, 2 violations"))
    (let ((marks (p2mlab-tests--marks)))
      (should (equal (cdr (assq 2 marks)) '("  ok")))
      (should (equal (cadr (assq 21 marks))
                     (concat "  -0x38000 foreign domain 2 gfn 0x40004 (stale-tracking)"
                             "  +0x38010 grant domain 1 frame 0")))
      (should (string-prefix-p "  ! no-collateral-removal: foreign page 0x40004"
                               (nth 2 (assq 21 marks)))))))

(ert-deftest p2mlab-faults-are-errors-to-go-to ()
  (p2mlab-tests--with-session p2mlab-tests--story
    (p2mlab-run-buffer)
    (p2mlab-tests--next-message)
    (let ((lines (cl-loop for reset = t then nil repeat 2
                          do (funcall next-error-function 1 reset)
                          collect (line-number-at-pos))))
      (should (equal lines '(11 21))))
    (should-error (funcall next-error-function 1) :type 'user-error)
    (funcall next-error-function -1)
    (should (= (line-number-at-pos) 11))))

(ert-deftest p2mlab-a-difference-stands-below-the-expected-reply ()
  (p2mlab-tests--with-session (list p2mlab-tests--domain "" "{\"id\":1,\"result\":{\"maxPages\":7}}")
    (p2mlab-run-buffer)
    (should (equal (p2mlab-tests--next-message) "p2mlab: 1 replies, 1 differences, 0 violations"))
    (should (equal (p2mlab-tests--marks)
                   '((1 "  ok") (3 "  ! /result/maxPages: expected 7, got 0"))))))

(ert-deftest p2mlab-an-error-stands-out ()
  (p2mlab-tests--with-session
      '("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"domain.get\",\"params\":{\"domain\":9}}")
    (p2mlab-run-buffer)
    (p2mlab-tests--next-message)
    (should (equal (p2mlab-tests--marks) '((1 "  ESRCH: there is no domain 9"))))
    (should (eq (get-text-property 3 'face
                                   (overlay-get (car (overlays-in (point-min) (point-max)))
                                                'before-string))
                'p2mlab-failure))))

(ert-deftest p2mlab-a-preset-counts-whatever-the-session-says ()
  (p2mlab-tests--with-session "examples/stale-frame.xen-4.17.ndjson"
    (p2mlab-run-buffer "xen-4.14")
    (should-not (string-match-p "0 differences" (p2mlab-tests--next-message)))
    (p2mlab-tests--at (line-number-at-pos (point-max)) #'p2mlab-state)
    (p2mlab-tests--eventually (equal (nth 1 (p2mlab-tests--state)) "machine main: xen-4.14"))
    (p2mlab-run-buffer)
    (should (equal (p2mlab-tests--next-message) "p2mlab: 13 replies, 0 differences, 0 violations"))))

(ert-deftest p2mlab-an-unknown-preset-is-told-with-those-that-there-are ()
  (p2mlab-tests--with-session (list p2mlab-tests--domain)
    (p2mlab-run-buffer "xen-9")
    (should (string-match-p "xen-4\\.16" (p2mlab-tests--next-message)))))

(ert-deftest p2mlab-a-line-or-region-is-shown-on-what-those-before-leave ()
  (p2mlab-tests--with-session p2mlab-tests--story
    (p2mlab-tests--at 21 #'p2mlab-run-line)
    (p2mlab-tests--next-message)
    (should (equal (mapcar #'car (p2mlab-tests--marks)) '(21)))
    (should (string-match-p "stale-tracking" (cadr (assq 21 (p2mlab-tests--marks)))))
    (p2mlab-run-region (progn (goto-char (point-min)) (forward-line 8) (point))
                       (progn (forward-line 3) (point)))
    (p2mlab-tests--next-message)
    (should (equal (mapcar #'car (p2mlab-tests--marks)) '(9 11)))))

(ert-deftest p2mlab-a-bad-line-is-told-in-one-sentence ()
  (p2mlab-tests--with-session (list p2mlab-tests--domain "{\"jsonrpc\":")
    (p2mlab-run-buffer)
    (should (string-prefix-p "p2mlab: line 2: not JSON" (p2mlab-tests--next-message)))
    (should (equal (mapcar #'car (p2mlab-tests--marks)) '(2)))))

(ert-deftest p2mlab-what-is-narrowed-away-counts ()
  (p2mlab-tests--with-session p2mlab-tests--story
    (narrow-to-region (line-beginning-position 20) (point-max))
    (p2mlab-run-buffer)
    (should (equal (p2mlab-tests--next-message) "p2mlab: 11 replies, 0 differences, 2 violations"))))

(ert-deftest p2mlab-clear-takes-everything-away ()
  (p2mlab-tests--with-session p2mlab-tests--story
    (p2mlab-run-buffer)
    (p2mlab-tests--next-message)
    (p2mlab-clear)
    (should-not (overlays-in (point-min) (point-max)))))

;;;; State

(ert-deftest p2mlab-state-is-that-after-the-line-and-its-expected-reply ()
  (p2mlab-tests--with-session p2mlab-tests--story
    (p2mlab-tests--at 11 #'p2mlab-state)
    (p2mlab-tests--eventually (equal (car (p2mlab-tests--state)) "after line 11"))
    (should (member "  grant frame 0: tracked at 0x38000, mapped nowhere, stale"
                    (p2mlab-tests--state)))
    (should (string-prefix-p "! tracking-agrees" (car (last (p2mlab-tests--state)))))
    (should (= (line-number-at-pos) 11))))

(ert-deftest p2mlab-a-bad-line-does-not-keep-the-state-before-it ()
  (p2mlab-tests--with-session (list p2mlab-tests--domain "nonsense")
    (p2mlab-tests--at 1 #'p2mlab-state)
    (p2mlab-tests--eventually (equal (nth 2 (p2mlab-tests--state)) "domain 1: 0 pages"))))

(ert-deftest p2mlab-step-goes-from-request-to-request ()
  (p2mlab-tests--with-session p2mlab-tests--story
    (dolist (line '(2 4 6 9))
      (p2mlab-step)
      (should (= (line-number-at-pos) line))
      (p2mlab-tests--eventually
       (equal (car (p2mlab-tests--state)) (format "after line %d" line))))
    (goto-char (point-max))
    (should-error (p2mlab-step) :type 'user-error)))

;;;; Comparing and exploring

(ert-deftest p2mlab-compare-shows-where-presets-part ()
  (p2mlab-tests--with-session p2mlab-tests--story
    (p2mlab-compare '("xen-4.16" "xen-4.17"))
    (should (equal (p2mlab-tests--next-message)
                   "p2mlab: 5 of 11 requests are answered otherwise, the first at line 11"))
    (let ((texts (cdr (assq 11 (p2mlab-tests--marks)))))
      (should (equal (car texts) "  xen-4.16: ok !tracking-agrees  xen-4.17: ok"))
      (should (equal (nth 2 texts) "  ! xen-4.16: nothing"))
      (should (string-prefix-p "  ! xen-4.17: {\"kind\":\"tracking\"" (nth 3 texts))))
    (p2mlab-compare '("xen-4.16" "xen-4.16"))
    (should (equal (p2mlab-tests--next-message) "p2mlab: 11 requests, answered alike"))))

(ert-deftest p2mlab-explore-opens-the-history-and-runs-it ()
  (p2mlab-tests--with-session (list p2mlab-tests--domain)
    (p2mlab-explore "xen-4.16" 2 1 1 "no-collateral-removal")
    (should (string-match-p "\\`p2mlab: xen-4\\.16: violated; [0-9]+ states\\'"
                            (p2mlab-tests--next-message)))
    (should (string-match-p "0 differences, [1-9] violations" (p2mlab-tests--next-message)))
    (let ((found (get-buffer "xen-4.16 no-collateral-removal.p2m.ndjson")))
      (with-current-buffer found
        (should (eq major-mode 'p2mlab-mode))
        (should (string-prefix-p "{\"jsonrpc\":\"2.0\",\"method\":\"session.note\"" (buffer-string)))
        (should (string-match-p "\"method\":\"grantFrame.map\",\"params\":{\"domain\":1,\"frame\":0,"
                                (car (last (split-string (buffer-string) "\n" t)))))
        (kill-buffer)))))

(ert-deftest p2mlab-explore-says-where-a-property-holds ()
  (p2mlab-tests--with-session (list p2mlab-tests--domain)
    (p2mlab-explore "xen-4.17" 2 1 1 "no-collateral-removal")
    (should (string-match-p "xen-4\\.17: holds; [0-9]+ states\\'" (p2mlab-tests--next-message)))
    (p2mlab-explore "xen-4.17" 0 1 1)
    (should (string-match-p "at '/gfns'" (p2mlab-tests--next-message)))))

(ert-deftest p2mlab-presets-are-completed ()
  (let (offered)
    (cl-letf (((symbol-function 'completing-read)
               (lambda (_prompt presets &rest _) (setq offered presets) "xen-4.17")))
      (should (equal (p2mlab--read-preset "Preset: ") "xen-4.17")))
    (should (member "x86-4.22" offered))))

;;;; Its own transport

(ert-deftest p2mlab-a-second-run-cancels-the-first ()
  (p2mlab-tests--with-session (list p2mlab-tests--domain)
    (p2mlab-explore "xen-4.17" 14 10 10 "no-collateral-removal")
    (p2mlab-run-buffer)
    (p2mlab-tests--eventually
     (member "p2mlab: 0 replies, 0 differences, 0 violations" p2mlab-tests--told))
    (should-not (seq-some (lambda (text) (string-match-p "xen-4.17" text)) p2mlab-tests--told))))

(ert-deftest p2mlab-a-session-is-run-while-another-buffer-explores ()
  (p2mlab-tests--with-session (list p2mlab-tests--domain)
    (p2mlab-explore "xen-4.17" 14 10 10 "no-collateral-removal")
    (with-temp-buffer
      (insert p2mlab-tests--domain)
      (p2mlab-mode)
      (p2mlab-run-buffer)
      (p2mlab-tests--eventually
       (member "p2mlab: 0 replies, 0 differences, 0 violations" p2mlab-tests--told)))
    (p2mlab-stop)))

(ert-deftest p2mlab-a-cancelled-request-is-answered-so ()
  (let ((server (p2mlab--connect "p2mlab test"))
        code)
    (jsonrpc-async-request server 'explore.run
                           '(:preset "xen-4.17" :gfns 14 :frames 10 :foreignPages 10
                                     :properties ["no-collateral-removal"])
                           :timeout nil
                           :error-fn (lambda (error) (setq code (plist-get error :code))))
    (jsonrpc-notify server '$/cancelRequest (list :id (p2mlab--last-id server)))
    (p2mlab-tests--eventually code)
    (should (= code -32800))
    (jsonrpc-shutdown server t)))

(ert-deftest p2mlab-a-missing-program-is-told-in-one-sentence ()
  (p2mlab-stop)
  (let ((p2mlab-program "/nowhere/p2mlab"))
    (p2mlab-tests--with-session (list p2mlab-tests--domain)
      (should (string-match-p "`/nowhere/p2mlab' is not executable; set `p2mlab-program'"
                              (let ((text-quoting-style 'grave))
                                (cadr (should-error (p2mlab-run-buffer) :type 'user-error))))))))

(ert-deftest p2mlab-a-dead-server-is-told-and-replaced ()
  (p2mlab-stop)
  (let ((script (make-temp-file "p2mlab" nil nil "#!/bin/sh\nread line\necho 'out of luck' >&2\nexit 7\n")))
    (set-file-modes script #o700)
    (p2mlab-tests--with-session (list p2mlab-tests--domain)
      (let ((p2mlab-program script))
        (p2mlab-run-buffer)
        (should (equal (p2mlab-tests--next-message)
                       "p2mlab: the server ended with exit code 7: out of luck")))
      (p2mlab-run-buffer)
      (should (equal (p2mlab-tests--next-message)
                     "p2mlab: 0 replies, 0 differences, 0 violations")))
    (delete-file script)))

(ert-deftest p2mlab-a-server-that-is-silent-or-talks-nonsense-is-replaced-after-stop ()
  (dolist (lines '("exec cat > /dev/null" "echo nonsense\nexec cat > /dev/null"))
    (p2mlab-stop)
    (let ((script (make-temp-file "p2mlab" nil nil (concat "#!/bin/sh\n" lines "\n"))))
      (set-file-modes script #o700)
      (p2mlab-tests--with-session (list p2mlab-tests--domain)
        (let ((p2mlab-program script))
          (p2mlab-run-buffer)
          (accept-process-output nil 0.1))
        (p2mlab-stop)
        (setq p2mlab-tests--told nil)
        (p2mlab-run-buffer)
        (should (equal (p2mlab-tests--next-message)
                       "p2mlab: 0 replies, 0 differences, 0 violations")))
      (delete-file script))))

(ert-deftest p2mlab-what-is-answered-after-a-change-is-dropped ()
  (p2mlab-tests--with-session (list p2mlab-tests--domain)
    (p2mlab-run-buffer)
    (insert "\n")
    (should (equal (p2mlab-tests--next-message)
                   "p2mlab: the buffer has changed meanwhile; run it again"))
    (should-not (p2mlab-tests--marks))))

(ert-deftest p2mlab-a-buffer-that-is-gone-is-no-matter ()
  (p2mlab-tests--with-session (list p2mlab-tests--domain) (p2mlab-run-buffer))
  (p2mlab-tests--with-session (list p2mlab-tests--domain)
    (p2mlab-run-buffer)
    (should (equal (p2mlab-tests--next-message) "p2mlab: 0 replies, 0 differences, 0 violations"))))

(ert-deftest p2mlab-a-session-that-is-too-large-is-not-sent ()
  (p2mlab-tests--with-session (list (make-string (* 5 1024 1024) ?x))
    (should (string-match-p "has 5242880 bytes, and 4194304 are taken at most"
                            (cadr (should-error (p2mlab-run-buffer) :type 'user-error))))))

(ert-deftest p2mlab-bytes-that-are-no-text-are-not-sent ()
  (p2mlab-tests--with-session (list (string (unibyte-char-to-multibyte 255)))
    (should-error (p2mlab-run-buffer) :type 'user-error)))

(ert-deftest p2mlab-many-replies-are-shown-up-to-a-limit-but-every-fault ()
  (p2mlab-tests--with-session
      (append (cl-loop for id from 1 to 5000
                       collect (format "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"domain.list\"}" id))
              '("{\"id\":5000,\"result\":{\"domains\":[1]}}"))
    (p2mlab-run-buffer)
    (should (equal (p2mlab-tests--next-message) "p2mlab: 1 replies, 1 differences, 0 violations"))
    (should (= (length (p2mlab-tests--marks)) (1+ p2mlab-mark-limit)))
    (should (assq 5001 (p2mlab-tests--marks)))))

(ert-deftest p2mlab-jsonrpc-drives-the-server-unmodified ()
  (let ((raw (make-instance 'jsonrpc-process-connection
                            :name "raw" :events-buffer-scrollback-size 0
                            :process (lambda ()
                                       (make-process :name "raw" :command (list p2mlab-program "serve")
                                                     :connection-type 'pipe :noquery t
                                                     :coding 'utf-8-emacs-unix
                                                     :stderr (get-buffer-create "*raw stderr*"))))))
    (should (equal (plist-get (jsonrpc-request raw 'server.info nil) :name) "p2mlab"))
    (should (= 1001 (alist-get 'jsonrpc-error-code
                               (cdr (should-error (jsonrpc-request raw 'machine.get '(:machine "nobody"))
                                                  :type 'jsonrpc-error)))))
    (jsonrpc-shutdown raw t)))

;;;; The protocol's sessions, through this transport

(defun p2mlab-tests--difference (expected actual path)
  "Where ACTUAL, as jsonrpc.el has it, is not as EXPECTED, which may be partial.
EXPECTED has hash tables for objects.  PATH is where both stand."
  (cond ((hash-table-p expected)
         (if (not (listp actual)) (list path 'not-an-object)
           (catch 'found
             (maphash (lambda (name value)
                        (let* ((member (plist-member actual (intern (concat ":" name))))
                               (path (concat path "/" name))
                               (difference (if member
                                               (p2mlab-tests--difference value (cadr member) path)
                                             (list path 'absent))))
                          (when difference (throw 'found difference))))
                      expected)
             nil)))
        ((vectorp expected)
         (if (not (and (vectorp actual) (= (length expected) (length actual)))) (list path 'not-alike)
           (seq-some #'identity
                     (seq-map-indexed
                      (lambda (value index)
                        (p2mlab-tests--difference value (aref actual index) (format "%s/%d" path index)))
                      expected))))
        ((eq expected :null) (and actual (list path 'not-null actual)))
        ((equal expected actual) nil)
        (t (list path expected actual))))

(defun p2mlab-tests--play (file)
  "Play the session in FILE through a connection of its own.
Batches, which the transport does not send, go message by message."
  (let ((server (p2mlab--connect "p2mlab test"))
        (sent 0) (got nil) (expected nil))
    (with-temp-buffer
      (insert-file-contents file)
      (while (not (eobp))
        (let* ((line (buffer-substring (point) (line-end-position)))
               (told (json-parse-string line :null-object :null :false-object :json-false))
               (sendable (json-parse-string line :null-object nil :false-object :json-false)))
          (seq-mapn
           (lambda (told sendable)
             (let ((method (gethash "method" sendable))
                   (params (gethash "params" sendable))
                   (index sent))
               (cond ((and method (not (eq (gethash "id" told 'absent) 'absent)))
                      (setq sent (1+ sent))
                      (jsonrpc-async-request
                       server (intern method) params :timeout nil
                       :success-fn (lambda (result) (push (list index :result result) got))
                       :error-fn (lambda (error) (push (list index :error error) got))))
                     (method (jsonrpc-notify server (intern method) params))
                     (t (remhash "id" told) (remhash "jsonrpc" told) (push told expected)))))
           (if (vectorp told) told (list told)) (if (vectorp sendable) sendable (list sendable))))
        (forward-line)))
    (p2mlab-tests--eventually (= (length got) sent))
    (jsonrpc-shutdown server t)
    (setq expected (nreverse expected))
    (should (= (length expected) sent))
    (dolist (reply (sort got #'car-less-than-car))
      (when-let ((difference (p2mlab-tests--difference
                              (nth (car reply) expected) (cdr reply) "")))
        (ert-fail (list (file-name-nondirectory file) 'reply (1+ (car reply)) difference))))))

(ert-deftest p2mlab-the-conformance-sessions-pass ()
  (let ((files (directory-files (expand-file-name "protocol/conformance" p2mlab-tests--root)
                                t "\\.ndjson\\'")))
    (should (> (length files) 30))
    (mapc #'p2mlab-tests--play files)))

;;;; Files

(ert-deftest p2mlab-sessions-are-known-by-name-or-first-line ()
  (dolist (case '(("a.p2m.ndjson" "" p2mlab-mode)
                  ("a.ndjson" "{\"level\":\"info\",\"method\":\"GET\"}\n" fundamental-mode)))
    (let ((file (expand-file-name (car case) (make-temp-file "p2mlab" t))))
      (with-temp-file file (insert (cadr case)))
      (with-current-buffer (find-file-noselect file)
        (should (eq major-mode (nth 2 case)))
        (kill-buffer))))
  (dolist (file (file-expand-wildcards (expand-file-name "examples/*.ndjson" p2mlab-tests--root)))
    (with-current-buffer (find-file-noselect file)
      (should (eq major-mode 'p2mlab-mode))
      (kill-buffer))))

(ert-deftest p2mlab-requests-notes-and-frames-stand-out ()
  (p2mlab-tests--with-session
      '("{\"method\":\"session.note\",\"params\":{\"text\":\"x\"}}"
        "{\"id\":1,\"method\":\"physmap.unmap\",\"params\":{\"gfn\":\"0x38000\"}}")
    (font-lock-ensure)
    (cl-flet ((face-of (text) (goto-char (point-min)) (search-forward text)
                       (get-text-property (1- (point)) 'face)))
      (should (eq (face-of "session") 'font-lock-doc-face))
      (should (eq (face-of "physmap") 'font-lock-function-name-face))
      (should (eq (face-of "\"gfn") 'font-lock-keyword-face))
      (should (eq (face-of "0x38000") 'font-lock-constant-face)))))

(declare-function eglot-current-server "eglot")

(ert-deftest p2mlab-eglot-starts-the-language-server ()
  (skip-unless (require 'eglot nil t))
  (let ((file (make-temp-file "p2mlab" nil ".p2m.ndjson" p2mlab-tests--domain)))
    (with-current-buffer (find-file-noselect file)
      (call-interactively 'eglot)
      (p2mlab-tests--eventually (eglot-current-server))
      (should (string-match-p
               "After this line, machine main"
               (format "%S" (jsonrpc-request
                             (eglot-current-server) :textDocument/hover
                             `(:textDocument (:uri ,(concat "file://" (file-truename file)))
                                             :position (:line 0 :character 5))))))
      (call-interactively 'eglot-shutdown)
      (kill-buffer))
    (delete-file file)))

;;;; What the README tells to do

(defun p2mlab-tests--recipe (sentence)
  "The block of Lisp behind SENTENCE in the README."
  (with-temp-buffer
    (insert-file-contents (expand-file-name "README.md" p2mlab-tests--client))
    (search-forward sentence)
    (re-search-forward "^```elisp\n\\(\\(?:.*\n\\)*?\\)```")
    (replace-regexp-in-string "~/src/p2mlab" (directory-file-name p2mlab-tests--root)
                              (match-string 1) t t)))

(defun p2mlab-tests--in-fresh-emacs (recipe check)
  "Evaluate RECIPE in an Emacs with an empty home, and return what CHECK prints."
  (let* ((home (make-temp-file "p2mlab" t))
         (process-environment (cons (concat "HOME=" home) process-environment))
         (init (expand-file-name "init.el" home)))
    (with-temp-file init
      (insert (format "(package-initialize)\n%s\n(princ (progn %s))" recipe check)))
    (prog1 (with-temp-buffer
             (let ((code (call-process (expand-file-name invocation-name invocation-directory)
                                       nil (list t nil) nil "--batch" "-q" "-l" init)))
               (list code (buffer-string))))
      (delete-directory home t))))

(defconst p2mlab-tests--opens-a-session
  "(find-file (expand-file-name \"x.p2m.ndjson\" \"~\")) (cons major-mode p2mlab-program)"
  "What tells that the mode is there, before anything else has loaded it.")

(ert-deftest p2mlab-recipe-package-install-file ()
  (should (equal (p2mlab-tests--in-fresh-emacs (p2mlab-tests--recipe "As a package")
                                               p2mlab-tests--opens-a-session)
                 (list 0 (format "(p2mlab-mode . %s)" p2mlab-program)))))

(ert-deftest p2mlab-recipe-use-package ()
  (skip-unless (locate-library "use-package"))
  (should (equal (p2mlab-tests--in-fresh-emacs
                  (concat "(require 'use-package)" (p2mlab-tests--recipe "With `use-package`"))
                  p2mlab-tests--opens-a-session)
                 (list 0 (format "(p2mlab-mode . %s/.build/release/p2mlab)"
                                 (directory-file-name p2mlab-tests--root))))))

(ert-deftest p2mlab-recipe-run-when-saved ()
  (eval (read (p2mlab-tests--recipe "each time it is saved")) t)
  (let ((file (make-temp-file "p2mlab" nil ".p2m.ndjson")))
    (setq p2mlab-tests--told nil)
    (with-current-buffer (find-file-noselect file)
      (insert "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"domain.list\"}")
      (save-buffer)
      (should (equal (p2mlab-tests--next-message) "p2mlab: 0 replies, 0 differences, 0 violations"))
      (kill-buffer))
    (setq p2mlab-mode-hook nil)
    (delete-file file)))

(ert-deftest p2mlab-recipe-keys ()
  (eval (read (p2mlab-tests--recipe "Keys of your own")) t)
  (should (eq (lookup-key p2mlab-mode-map (kbd "<f5>")) #'p2mlab-step)))

(ert-deftest p2mlab-every-command-is-in-the-readme ()
  (with-temp-buffer
    (insert-file-contents (expand-file-name "README.md" p2mlab-tests--client))
    (map-keymap (lambda (_ prefix)
                  (when (keymapp prefix)
                    (map-keymap (lambda (_ keys)
                                  (map-keymap (lambda (_ command)
                                                (goto-char (point-min))
                                                (should (search-forward (format "`%s`" command) nil t)))
                                              (if (keymapp keys) keys (make-sparse-keymap))))
                                prefix)))
                p2mlab-mode-map)))

(provide 'p2mlab-tests)
;;; p2mlab-tests.el ends here
