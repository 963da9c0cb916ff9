;;; p2mlab.el --- Run sessions of p2mlab, a model of Xen's P2M  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: Apache-2.0
;; Author: The p2mlab authors
;; Version: 0.1.0
;; Package-Requires: ((emacs "28.1"))
;; Keywords: languages, tools

;;; Commentary:

;; p2mlab is an executable model of Xen's P2M and grant-table frame
;; tracking.  A session is a file of JSON-RPC requests, one a line, with
;; the replies that are expected of them.
;;
;; `p2mlab-mode' runs the session in a buffer, saved or not, and shows
;; below each request what it did: what changed, what failed, which
;; property broke.  `p2mlab-step' and `p2mlab-state' show the machines
;; after a line, `p2mlab-compare' where releases part, and
;; `p2mlab-explore' looks for a history that breaks a property.
;;
;; What a reply means is not decided here: the server's session.run
;; judges and words it.  Nothing waits for it but the completion of
;; presets.

;;; Code:

(require 'jsonrpc)
(require 'seq)
(require 'subr-x)

(defvar eglot-server-programs)

(defgroup p2mlab nil
  "Sessions of p2mlab, a model of Xen's P2M."
  :group 'languages
  :prefix "p2mlab-")

(defcustom p2mlab-program (or (getenv "P2MLAB_SERVER") "p2mlab")
  "The program p2mlab."
  :type 'string)

(defcustom p2mlab-serve-arguments nil
  "Arguments of `p2mlab serve', such as (\"--allow-read\" \"/boot\")."
  :type '(repeat string))

(defcustom p2mlab-mark-limit 2000
  "How many replies are shown in a buffer; faults are shown beyond that.
Emacs becomes slow with many overlays."
  :type 'natnum)

(defface p2mlab-reply '((t :inherit shadow))
  "What a request did.")

(defface p2mlab-failure '((t :inherit warning))
  "How a request failed.")

(defface p2mlab-fault '((t :inherit error))
  "A reply that is not as expected, or a property that is violated.")

(defconst p2mlab--default-preset "xen-4.16"
  "What a machine follows where nothing is said.")

(defconst p2mlab--size-limit (* 4 1024 1024)
  "Bytes of a session that a server takes.")

(defvar-local p2mlab-preset nil
  "The release that the buffer was last run on, whatever the session says.")

;;;; The server

(defclass p2mlab--connection (jsonrpc-process-connection)
  ((last-id :initform nil :accessor p2mlab--last-id
            :documentation "The id of the last request."))
  :documentation "A server, which knows by which id its last request can be cancelled.")

(cl-defmethod jsonrpc-connection-send :before
  ((connection p2mlab--connection) &key id &allow-other-keys)
  "Remember ID, the id of a request to CONNECTION."
  (when id (setf (p2mlab--last-id connection) id)))

(defvar p2mlab--servers nil
  "The servers by name, once they were needed.
Exploring may take minutes, and has one of its own.")

(defun p2mlab--connect (name)
  "Start a server called NAME; no two that run at once have the same.
jsonrpc.el has buffers by that name."
  (unless (executable-find p2mlab-program)
    (user-error "`%s' is not executable; set `p2mlab-program'" p2mlab-program))
  (make-instance
   'p2mlab--connection
   :name name
   :events-buffer-scrollback-size 0
   :notification-dispatcher #'p2mlab--notified
   :process (lambda ()
              (make-process
               :name name
               :command `(,p2mlab-program "serve" ,@p2mlab-serve-arguments)
               :connection-type 'pipe
               :coding 'utf-8-emacs-unix
               :noquery t
               :stderr (get-buffer-create (format "*%s stderr*" name))))))

(defun p2mlab--server (name)
  "The server NAME; another one where it has died."
  (let ((server (alist-get name p2mlab--servers)))
    (if (and server (jsonrpc-running-p server))
        server
      (setf (alist-get name p2mlab--servers) (p2mlab--connect (format "p2mlab %s" name))))))

(defun p2mlab--notified (_connection method params)
  "Show the progress in PARAMS, where METHOD is about that."
  (when-let* (((eq method '$/progress))
              (percentage (plist-get (plist-get params :value) :percentage)))
    (let ((message-log-max nil))
      (message "p2mlab: %d%%" percentage))))

(defun p2mlab--epitaph (connection)
  "Say why CONNECTION ended: its exit code, and the last line of its stderr."
  (let* ((stderr (jsonrpc-stderr-buffer connection))
         (said (if (buffer-live-p stderr)
                   (string-trim (with-current-buffer stderr (buffer-string)))
                 "")))
    (format "the server ended with exit code %d%s"
            (process-exit-status (jsonrpc--process connection))
            (if (string-empty-p said) ""
              (concat ": " (car (last (split-string said "\n"))))))))

(defvar-local p2mlab--task nil
  "What the buffer waits for: a cons of the server and the request's id.
The id is nil until the request is sent.")

(defun p2mlab--ask (method params answer)
  "Ask the server METHOD with PARAMS, and call ANSWER with the result.
What the buffer still waits for is cancelled.  ANSWER is called in this
buffer, if it is still there; an error is told in one sentence."
  (let* ((server (p2mlab--server (if (eq method 'explore.run) 'explorer 'runner)))
         (buffer (current-buffer))
         (task (list server)))
    (when (and (cdr p2mlab--task) (jsonrpc-running-p (car p2mlab--task)))
      (jsonrpc-notify (car p2mlab--task) '$/cancelRequest (list :id (cdr p2mlab--task))))
    (setq p2mlab--task task)
    (cl-flet ((finish (act)
                (when (buffer-live-p buffer)
                  (with-current-buffer buffer
                    (when (eq p2mlab--task task)
                      (setq p2mlab--task nil)
                      (funcall act))))))
      (jsonrpc-async-request
       server method params :timeout nil
       :success-fn (lambda (result) (finish (lambda () (funcall answer result))))
       :error-fn (jsonrpc-lambda (&key message &allow-other-keys)
                   (finish (lambda ()
                             (message "p2mlab: %s"
                                      (if (jsonrpc-running-p server) message
                                        (p2mlab--epitaph server))))))))
    (setcdr task (p2mlab--last-id server))))

(defun p2mlab--ask-session (method params end answer)
  "Ask METHOD with PARAMS about the session up to END, and call ANSWER.
What comes when the buffer has changed is about other lines, and dropped."
  (let ((text (save-restriction
                (widen)
                (buffer-substring-no-properties (point-min) (or end (point-max)))))
        (tick (buffer-chars-modified-tick)))
    (when (> (string-bytes text) p2mlab--size-limit)
      (user-error "The session has %d bytes, and %d are taken at most"
                  (string-bytes text) p2mlab--size-limit))
    (when (string-match-p (rx (any (#x3fff80 . #x3fffff))) text)
      (user-error "The session has bytes that are not UTF-8"))
    (p2mlab--ask method `(:session ,text ,@params)
                 (lambda (result)
                   (if (= tick (buffer-chars-modified-tick))
                       (funcall answer result)
                     (message "p2mlab: the buffer has changed meanwhile; run it again"))))))

(defun p2mlab-stop ()
  "End the servers, and whatever they are at."
  (interactive)
  (pcase-dolist (`(,_ . ,server) p2mlab--servers)
    (jsonrpc-shutdown server t))
  (setq p2mlab--servers nil))

;;;; Lines of a session

(defun p2mlab--line-kind ()
  "What the line is: `request', `note', `reply' or nil.
It is judged by what every writer of sessions writes."
  (save-excursion
    (beginning-of-line)
    (let ((end (line-end-position)))
      (cond ((re-search-forward "\"method\"[ \t]*:[ \t]*\\(\"session\\.note\"\\)?" end t)
             (if (match-beginning 1) 'note 'request))
            ((re-search-forward "\"\\(?:result\\|error\\)\"[ \t]*:" end t) 'reply)))))

(defun p2mlab--step-end ()
  "The end of the step at point: a request's expected reply is part of it."
  (save-excursion
    (let ((end (line-end-position)))
      (while (and (zerop (forward-line)) (not (eobp))
                  (not (memq (p2mlab--line-kind) '(request note))))
        (when (eq (p2mlab--line-kind) 'reply) (setq end (line-end-position))))
      end)))

;;;; What a buffer shows

(defun p2mlab-clear ()
  "Take away what is shown of a run."
  (interactive)
  (save-restriction
    (widen)
    (remove-overlays (point-min) (point-max) 'p2mlab t)))

(defun p2mlab--fault-p (text)
  "Whether TEXT is about something that is wrong."
  (eq (get-text-property 0 'face text) 'p2mlab-fault))

(defun p2mlab--mark (texts)
  "Show TEXTS, which have faces, below the line at point.
They stand before the next line, as what stands at the end of a line
that is truncated is not seen."
  (let* ((string (mapconcat (lambda (text) (concat "  " text)) texts "\n"))
         (is-last (= (line-end-position) (point-max)))
         (place (if is-last (point-max) (line-beginning-position 2)))
         (overlay (make-overlay place place)))
    (overlay-put overlay 'p2mlab t)
    (when (seq-some #'p2mlab--fault-p texts)
      (overlay-put overlay 'p2mlab-fault (copy-marker (point))))
    (overlay-put overlay 'before-string
                 (if is-last (concat "\n" string) (concat string "\n")))))

(defun p2mlab--show (annotations)
  "Show ANNOTATIONS, each a line and its texts, in place of what was shown."
  (p2mlab-clear)
  (save-excursion
    (save-restriction
      (widen)
      (goto-char (point-min))
      (let ((shown 0)
            (at 1))
        (pcase-dolist (`(,line . ,texts) (seq-sort-by #'car #'< annotations))
          (when (or (< shown p2mlab-mark-limit) (seq-some #'p2mlab--fault-p texts))
            (forward-line (- line at))
            (setq at line
                  shown (1+ shown))
            (p2mlab--mark texts)))))))

(defun p2mlab--fault (format &rest arguments)
  "A text that something is wrong: FORMAT with ARGUMENTS."
  (propertize (concat "! " (apply #'format-message format arguments)) 'face 'p2mlab-fault))

(defun p2mlab--next-fault (count &optional reset)
  "Go COUNT faults forward, from the beginning if RESET; see `next-error'."
  (when reset (goto-char (point-min)))
  (let* ((starts (sort (delq nil (mapcar (lambda (overlay) (overlay-get overlay 'p2mlab-fault))
                                         (overlays-in (point-min) (point-max))))
                       #'<))
         (ahead (if (< count 0)
                    (nreverse (seq-filter (lambda (start) (< start (line-beginning-position))) starts))
                  (seq-filter (lambda (start) (> start (line-end-position))) starts)))
         (target (nth (1- (max 1 (abs count))) ahead)))
    (unless target (user-error "No more faults"))
    (goto-char target)))

(defun p2mlab--short (value)
  "VALUE, JSON or nil, so that it fits on a line."
  (if value (truncate-string-to-width value 200 nil nil "...") "nothing"))

;;;; Running

(defvar p2mlab--presets nil
  "The presets, once the server has told them.")

(defun p2mlab--read-preset (prompt &optional default)
  "Ask with PROMPT for a preset, such as DEFAULT.
Where the server does not tell them, there is no completion."
  (unless p2mlab--presets
    (setq p2mlab--presets
          (ignore-error jsonrpc-error
            (append (plist-get (jsonrpc-request (p2mlab--server 'runner) 'server.info nil :timeout 5)
                               :presets)
                    nil))))
  (completing-read prompt p2mlab--presets nil nil nil nil default))

(defun p2mlab--show-run (result first)
  "Show the RESULT of session.run from line FIRST on.
Return a sentence that sums it up."
  (let ((unusable (plist-get result :unusable))
        (marks nil)
        (differences 0)
        (violations 0))
    (seq-doseq (row (plist-get result :rows))
      (when (>= (plist-get row :line) first)
        (push (list (plist-get row :line)
                    (propertize (plist-get row :summary) 'face
                                (if (zerop (plist-get row :code)) 'p2mlab-reply 'p2mlab-failure)))
              marks)
        (seq-doseq (violation (plist-get row :violations))
          (setq violations (1+ violations))
          (nconc (car marks) (list (p2mlab--fault "%s: %s" (plist-get violation :property)
                                                  (plist-get violation :message)))))))
    (seq-doseq (difference (plist-get result :differences))
      (when (>= (plist-get difference :line) first)
        (setq differences (1+ differences))
        (push (list (plist-get difference :line)
                    (p2mlab--fault "%s: expected %s, got %s" (plist-get difference :path)
                                   (p2mlab--short (plist-get difference :expected))
                                   (p2mlab--short (plist-get difference :actual))))
              marks)))
    (when unusable
      (push (list (plist-get unusable :line) (p2mlab--fault "%s" (plist-get unusable :reason)))
            marks))
    (p2mlab--show marks)
    (if unusable
        (format "line %d: %s" (plist-get unusable :line) (plist-get unusable :reason))
      (format "%d replies, %d differences, %d violations"
              (plist-get result :compared) differences violations))))

(defun p2mlab--run (first end)
  "Run the session up to END, and show what came of it from line FIRST on."
  (p2mlab--ask-session
   'session.run (and p2mlab-preset (list :preset p2mlab-preset)) end
   (lambda (result) (message "p2mlab: %s" (p2mlab--show-run result first)))))

;;;###autoload
(defun p2mlab-run-buffer (&optional preset)
  "Run the session in the buffer, saved or not.
With PRESET, interactively with a prefix argument, the machine \"main\"
follows that release whatever the session says, here and in
`p2mlab-state', until the buffer is run without one."
  (interactive (list (and current-prefix-arg (p2mlab--read-preset "Preset: "))))
  (setq p2mlab-preset preset)
  (p2mlab--run 1 nil))

(defun p2mlab-run-region (start end)
  "Run the session up to END, and show what came of the lines from START on.
Those before START are carried out too."
  (interactive "r")
  (p2mlab--run (line-number-at-pos start t)
               (save-excursion
                 (goto-char end)
                 (when (and (bolp) (> end start)) (forward-char -1))
                 (p2mlab--step-end))))

(defun p2mlab-run-line ()
  "Run the session up to the line at point, and show what came of that line."
  (interactive)
  (p2mlab-run-region (line-beginning-position) (line-end-position)))

(define-derived-mode p2mlab-state-mode special-mode "p2mlab state"
  "What machines are, as p2mlab tells it."
  (setq font-lock-defaults
        '((("^!.*" . 'p2mlab-fault)
           ("^.*, stale$" . 'p2mlab-failure)
           ("^\\(?:after\\|machine\\|domain\\) .*" . 'font-lock-keyword-face)
           ("0x[0-9a-f]+" . 'font-lock-constant-face)))))

(defun p2mlab-state ()
  "Show the machines after the line at point in another window.
A request's expected reply belongs to it."
  (interactive)
  (let ((line (line-number-at-pos nil t)))
    (p2mlab--ask-session
     'session.run `(:state t ,@(and p2mlab-preset (list :preset p2mlab-preset)))
     (p2mlab--step-end)
     (lambda (result)
       (let ((summary (p2mlab--show-run result 1)))
         (if (plist-get result :unusable)
             (message "p2mlab: %s" summary)
           (with-current-buffer (get-buffer-create "*p2mlab state*")
             (p2mlab-state-mode)
             (let ((inhibit-read-only t))
               (erase-buffer)
               (insert (format "after line %d\n" line)
                       (string-join (plist-get result :state) "\n") "\n")
               (goto-char (point-min)))
             (display-buffer (current-buffer)))))))))

(defun p2mlab-step ()
  "Go to the next request, and show the state after it."
  (interactive)
  (let ((next (save-excursion
                (while (and (zerop (forward-line)) (not (eobp))
                            (not (eq (p2mlab--line-kind) 'request))))
                (and (not (eobp)) (eq (p2mlab--line-kind) 'request) (point)))))
    (unless next (user-error "No request follows"))
    (goto-char next)
    (p2mlab-state)))

;;;; Comparing

(defun p2mlab--outcome (preset reply)
  "What PRESET answered, as REPLY sums it up."
  (let ((errno (plist-get reply :errno))
        (code (plist-get reply :code))
        (violations (mapconcat (lambda (name) (concat " !" name)) (plist-get reply :violations) "")))
    (propertize (format "%s: %s%s" preset
                        (or errno (if (zerop code) "ok" (number-to-string code))) violations)
                'face (if (eq (plist-get reply :differs) t) 'p2mlab-failure 'p2mlab-reply))))

(defun p2mlab--show-comparison (result)
  "Show the RESULT of compare.run; return a sentence that sums it up."
  (let* ((presets (plist-get result :presets))
         (rows (plist-get result :rows))
         (parting (plist-get result :firstDifference))
         (different (seq-filter
                     (lambda (row)
                       (seq-some (lambda (reply) (eq (plist-get reply :differs) t))
                                 (plist-get row :replies)))
                     rows)))
    (p2mlab--show
     (mapcar
      (lambda (row)
        (cons (plist-get row :line)
              (cons (string-join (seq-mapn #'p2mlab--outcome presets (plist-get row :replies)) "  ")
                    (when (eql (plist-get row :number) (plist-get parting :number))
                      (cons (p2mlab--fault "%s" (plist-get parting :path))
                            (seq-map #'p2mlab--side (plist-get parting :values)))))))
      different))
    (if different
        (format "%d of %d requests are answered otherwise, the first at line %d"
                (length different) (length rows) (plist-get parting :line))
      (format "%d requests, answered alike" (length rows)))))

(defun p2mlab--side (side)
  "A text about SIDE: a preset, and its value where presets part."
  (p2mlab--fault "%s: %s" (plist-get side :preset)
                 (p2mlab--short
                  (and (plist-member side :value)
                       (json-serialize (plist-get side :value)
                                       :null-object nil :false-object :json-false)))))

(defun p2mlab-compare (presets)
  "Show which requests PRESETS, a list, answer otherwise, and where they part.
\"xen-4.16+remap=busy\" is a preset with a change."
  (interactive
   (let ((first (p2mlab--read-preset "Compare: " p2mlab--default-preset)))
     (list (list first (p2mlab--read-preset (format "Compare %s with: " first))))))
  (p2mlab--ask-session 'compare.run (list :presets (vconcat presets)) nil
                       (lambda (result)
                         (message "p2mlab: %s" (p2mlab--show-comparison result)))))

;;;; Exploring

(defun p2mlab--insert-session (note requests)
  "Insert a session of NOTE and REQUESTS."
  (dolist (message (cons (list :method "session.note" :params (list :text note))
                         (seq-map-indexed
                          (lambda (request index)
                            `(:id ,(1+ index) :method ,(plist-get request :method)
                                  ,@(when-let ((params (plist-get request :params)))
                                      (list :params params))))
                          requests)))
    (insert (json-serialize `(:jsonrpc "2.0" ,@message)
                            :null-object nil :false-object :json-false)
            "\n")))

;;;###autoload
(defun p2mlab-explore (preset gfns frames foreign-pages &optional property)
  "Look at every state that a small machine of PRESET can come to.
It has GFNS frame numbers at which things are mapped, FRAMES grant frames
and FOREIGN-PAGES pages of another domain.  A shortest history that
violates PROPERTY, or any, opens as a session, and is run."
  (interactive
   (list (p2mlab--read-preset "Explore: " (or p2mlab-preset p2mlab--default-preset))
         (read-number "GFNs: " 4) (read-number "Grant frames: " 2)
         (read-number "Foreign pages: " 2)
         (let ((property (read-string "Property (empty for all): ")))
           (unless (string-empty-p property) property))))
  (p2mlab--ask
   'explore.run
   `(:preset ,preset :gfns ,gfns :frames ,frames :foreignPages ,foreign-pages
             ,@(and property (list :properties (vector property))) :workDoneToken "explore")
   (lambda (result)
     (let ((found (plist-get result :property))
           (bound (plist-get result :boundedBy)))
       (message "p2mlab: %s: %s%s; %d states" preset (plist-get result :verdict)
                (if bound (concat " by " bound) "") (plist-get result :states))
       (when found
         (pop-to-buffer (generate-new-buffer (format "%s %s.p2m.ndjson" preset found)))
         (p2mlab-mode)
         (p2mlab--insert-session
          (format "%s violates %s after %d steps." preset found (length (plist-get result :trace)))
          (seq-concatenate 'list (plist-get result :setup) (plist-get result :trace)))
         (goto-char (point-min))
         (p2mlab-run-buffer))))))

;;;; The mode

(defvar p2mlab-mode-map
  (let ((map (make-sparse-keymap)))
    (define-key map (kbd "C-c C-c") #'p2mlab-run-buffer)
    (define-key map (kbd "C-c C-r") #'p2mlab-run-region)
    (define-key map (kbd "C-c C-l") #'p2mlab-run-line)
    (define-key map (kbd "C-c C-n") #'p2mlab-step)
    (define-key map (kbd "C-c C-s") #'p2mlab-state)
    (define-key map (kbd "C-c C-d") #'p2mlab-compare)
    (define-key map (kbd "C-c C-e") #'p2mlab-explore)
    (define-key map (kbd "C-c C-k") #'p2mlab-clear)
    map)
  "Keys of `p2mlab-mode'.")

(defconst p2mlab--font-lock
  '(("\"method\"[ \t]*:[ \t]*\\(\"[^\"]*\"\\)" 1 'font-lock-function-name-face t)
    ("\"\\(?:\\\\.\\|[^\"\\]\\)*\"[ \t]*:" 0 'font-lock-keyword-face t)
    ("\"0[xX][[:xdigit:]]+\"" 0 'font-lock-constant-face t)
    ("\\_<\\(?:true\\|false\\|null\\)\\_>" 0 'font-lock-constant-face)
    ("^.*\"session\\.note\".*$" 0 'font-lock-doc-face t))
  "How requests, notes and frame numbers stand out.")

;;;###autoload
(define-derived-mode p2mlab-mode prog-mode "p2mlab"
  "Mode for sessions of p2mlab: JSON-RPC messages, one a line.
\\{p2mlab-mode-map}"
  :syntax-table (let ((table (make-syntax-table)))
                  (modify-syntax-entry ?' "." table)
                  table)
  (setq-local font-lock-defaults '(p2mlab--font-lock))
  (setq-local next-error-function #'p2mlab--next-fault)
  (setq-local truncate-lines t))

;;;###autoload
(add-to-list 'auto-mode-alist '("\\.p2m\\.ndjson\\'" . p2mlab-mode))

;; Other files by a first line that only a session begins with.
;;;###autoload
(add-to-list 'magic-fallback-mode-alist
             '("{\"jsonrpc\".*\"method\"[ \t]*:[ \t]*\"\\(?:session\\|machine\\|domain\\|server\\|region\\|grantTable\\|grantFrame\\|physmap\\)\\."
               . p2mlab-mode))

(defun p2mlab--language-server (&rest _)
  "The command of the language server."
  (list p2mlab-program "lsp"))

(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs '(p2mlab-mode . p2mlab--language-server)))

(provide 'p2mlab)
;;; p2mlab.el ends here
