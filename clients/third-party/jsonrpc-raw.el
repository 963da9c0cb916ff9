;;; jsonrpc-raw.el --- Emacs' own jsonrpc.el, nothing else -*- lexical-binding: t -*-

;;; Commentary:

;; Content-Length framing, as every language server under Eglot has it.

;;; Code:

(require 'cl-lib)
(require 'jsonrpc)
(require 'seq)

(defvar progress nil "The params of each notification of progress.")
(defconst note "żółw 🐢")

(defconst connection
  (jsonrpc-process-connection
   :name "p2mlab"
   :process (lambda ()
              (make-process :name "p2mlab" :noquery t :connection-type 'pipe
                            :command (list (getenv "P2MLAB_SERVER") "serve")
                            :coding 'utf-8-emacs-unix))
   :notification-dispatcher (lambda (_connection method params)
                              (cl-assert (eq method '$/progress))
                              (push params progress))))

(defun call (method &optional params)
  "The result of METHOD with PARAMS."
  (jsonrpc-request connection method params :timeout 30))

(cl-assert (equal (plist-get (plist-get (call :initialize '(:processId nil :capabilities nil))
                                        :serverInfo)
                             :name)
                  "p2mlab"))
(jsonrpc-notify connection :initialized nil)

(let (last)
  (seq-doseq (step (with-temp-buffer
                     (insert-file-contents (expand-file-name "story.json" (file-name-directory
                                                                           load-file-name)))
                     (json-parse-buffer :object-type 'plist :false-object :json-false)))
    (setq last (call (intern (plist-get step :method)) (plist-get step :params))))
  (let ((lost (seq-find (lambda (effect) (equal (plist-get effect :cause) "stale-tracking"))
                        (plist-get last :effects))))
    (cl-assert (equal (plist-get lost :gfn) "0x38000"))
    (cl-assert (null (plist-get lost :after)))
    (cl-assert (equal (plist-get (plist-get lost :before) :page)
                      '(:kind "foreign" :domain 2 :gfn "0x40004"))))
  (cl-assert (equal (seq-map (lambda (violation) (plist-get violation :property))
                             (plist-get last :violations))
                    '("no-collateral-removal"))))

(condition-case failure
    (progn (call :domain.get '(:domain 9))
           (error "Domain 9 exists"))
  (jsonrpc-error
   (let ((details (cddr failure)))
     (cl-assert (equal (alist-get 'jsonrpc-error-code details) -3))
     (cl-assert (equal (plist-get (alist-get 'jsonrpc-error-data details) :errno) "ESRCH")))))

(jsonrpc-notify connection :session.note (list :text note))
(let ((entries (plist-get (call :history.list) :entries)))
  (cl-assert (equal (plist-get (elt entries (1- (length entries))) :params) (list :text note))))

(cl-assert (string-prefix-p
            "/result/effects"
            (plist-get (plist-get (call :compare.run '(:presets ["xen-4.16" "xen-4.17"]
                                                                :workDoneToken "t"))
                                  :firstDifference)
                       :path)))
(cl-assert progress)
(cl-assert (seq-every-p (lambda (params) (equal (plist-get params :token) "t")) progress))

(cl-assert (null (call :shutdown)))
(jsonrpc-notify connection :exit nil)
(let ((process (jsonrpc--process connection)))
  (while (process-live-p process)
    (accept-process-output process 1))
  (cl-assert (equal (process-exit-status process) 0)))
(princ "Emacs jsonrpc.el: ok\n")

;;; jsonrpc-raw.el ends here
