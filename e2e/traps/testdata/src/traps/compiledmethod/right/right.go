package right

import (
	"context"
	"fmt"
	"net"
	"net/http"
)

func Run() string {
	d := &net.Dialer{}
	t := &http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		return d.DialContext(ctx, network, address)
	}}
	return fmt.Sprint(t.DialContext != nil)
}
