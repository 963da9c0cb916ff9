" The state of machines, as p2mlab tells it.
if exists('b:current_syntax') | finish | endif
syntax match p2mlabStateViolation /^!.*$/
syntax match p2mlabStateStale /^.*, stale$/
syntax match p2mlabStateHeading /^\%(after\|machine\|domain\)\>.*$/
syntax match p2mlabStateFrame /\<0x\x\+\>/
highlight default link p2mlabStateViolation ErrorMsg
highlight default link p2mlabStateStale WarningMsg
highlight default link p2mlabStateHeading Title
highlight default link p2mlabStateFrame Special
let b:current_syntax = 'p2mlabstate'
