package main

import (
	"fmt"
	"io"
	"os"

	bootstrap "github.com/envoyproxy/go-control-plane/envoy/config/bootstrap/v3"
	_ "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/http/router/v3"
	_ "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/http_connection_manager/v3"
	_ "github.com/envoyproxy/go-control-plane/envoy/extensions/upstreams/http/v3"
	"google.golang.org/protobuf/encoding/protojson"
)

// Reads a bootstrap of Envoy as JSON from standard input and judges it by Envoy's own messages and their rules.
func main() {
	text, err := io.ReadAll(os.Stdin)
	var config bootstrap.Bootstrap
	if err == nil {
		err = protojson.Unmarshal(text, &config)
	}
	if err == nil {
		err = config.ValidateAll()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
