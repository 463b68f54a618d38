;; shows: a start function does not run where there is no entry to run after it
;; expect: export-missing
;; text: execute
(module
  (func $start unreachable)
  (start $start))
