;; attack: bytes that are no module
;; expect: invalid-module
(module binary "\7fELF\02\01\01\00")
