module sandbox/probe

go 1.26.0
