// Serves Pulumi's provider for Kubernetes. Its own main embeds two generated files that its Go
// module lacks; only code generators read them.
package main

import (
	"fmt"
	"os"
	"time"

	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"
)

// version is set by the linker.
var version string

func main() {
	if len(os.Args) == 2 && os.Args[1] == "--version" {
		fmt.Println(version)
		return
	}
	go leaveWithParent(os.Getppid())
	provider.Serve("kubernetes", version, []byte("{}"), []byte("{}"))
}

// leaveWithParent ends the provider with its engine, which may be killed: by itself it would notice
// only after five minutes.
func leaveWithParent(parent int) {
	for os.Getppid() == parent {
		time.Sleep(250 * time.Millisecond)
	}
	os.Exit(1)
}
