package views

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"
)

// do sends one request through the whole site.
func do(t testing.TB, app *fiber.App, req *http.Request) (*http.Response, string) {
	t.Helper()
	res, err := app.Test(req, -1)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(body)
}

// ask is a GET with cookies "name=value".
func ask(path string, cookies ...string) *http.Request {
	req := httptest.NewRequest(http.MethodGet, path, nil)
	req.Header["Cookie"] = cookies
	return req
}

// send is a form sent from a page of ours.
func send(path string, form url.Values, cookies ...string) *http.Request {
	req := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", "http://example.com")
	req.Header["Cookie"] = cookies
	return req
}
