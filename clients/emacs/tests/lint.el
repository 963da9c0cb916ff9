;;; lint.el --- package-lint without a warning  -*- lexical-binding: t; -*-

;;; Commentary:

;; Three of its findings do not count: the package has no homepage of its
;; own yet; package-lint may be older than Emacs 28; and Eglot, which the
;; package does not need, can learn of a mode only once it is loaded.
;; What else it finds is an error.

;;; Code:

(require 'package-lint)
(require 'seq)

(let ((found (with-temp-buffer
               (insert-file-contents "p2mlab.el" t)
               (emacs-lisp-mode)
               (seq-remove (lambda (each)
                             (string-match-p "Homepage or URL\\|all released Emacs\\|with-eval-after-load"
                                             (nth 3 each)))
                           (package-lint-buffer)))))
  (dolist (each found)
    (message "p2mlab.el:%d: %s: %s" (car each) (nth 2 each) (nth 3 each)))
  (when found (kill-emacs 1)))

;;; lint.el ends here
