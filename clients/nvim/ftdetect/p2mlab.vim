" Sessions by their name; other .ndjson files by a first line that only a session begins with.
autocmd BufRead,BufNewFile *.p2m.ndjson set filetype=p2mlab
autocmd BufRead *.ndjson
      \ if getline(1) =~# '"jsonrpc".*"method"\s*:\s*"\(session\|machine\|domain\|server\|region\|grantTable\|grantFrame\|physmap\)\.'
      \ | set filetype=p2mlab | endif
