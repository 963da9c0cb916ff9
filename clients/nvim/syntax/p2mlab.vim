" Sessions of p2mlab: JSON, a message a line; replies step back behind requests.
if exists('b:current_syntax') | finish | endif
syntax sync minlines=1 maxlines=1
syntax match p2mlabNumber /-\?\<\d\+\>/
syntax keyword p2mlabConstant true false null
syntax match p2mlabString /"\%(\\.\|[^"\\]\)*"/
syntax match p2mlabKey /"\%(\\.\|[^"\\]\)*"\s*:/
syntax match p2mlabFrame /"0[xX]\x\+"/
syntax match p2mlabMethod /"method"\s*:\s*"[^"]*"/ contains=p2mlabMethodKey
syntax match p2mlabMethodKey /"method"\s*:/ contained
syntax match p2mlabError /"error"\s*:/
" A reply has no method.
syntax match p2mlabReply /^\s*{\%(.*"method"\s*:\)\@!.*"\%(result\|error\)"\s*:.*$/ contains=p2mlabFrame,p2mlabError
syntax match p2mlabNote /^\s*{.*"session\.note".*$/
highlight default link p2mlabNumber Number
highlight default link p2mlabConstant Constant
highlight default link p2mlabString String
highlight default link p2mlabKey Identifier
highlight default link p2mlabMethodKey Identifier
highlight default link p2mlabFrame Special
highlight default link p2mlabMethod Function
highlight default link p2mlabError WarningMsg
highlight default link p2mlabReply Comment
highlight default link p2mlabNote Title
let b:current_syntax = 'p2mlab'
