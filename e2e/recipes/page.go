package recipes

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/tools"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/traefik"
)

// Recipe is a section of the page.
type Recipe struct {
	Heading string
	Blocks  []Block
}

// Block is a fenced one.
type Block struct {
	Language string
	Text     string
}

// Read reads the page, in its order.
func Read() ([]Recipe, error) {
	root, err := tools.Root()
	if err != nil {
		return nil, err
	}

	file, err := os.Open(filepath.Join(root, "docs", "recipes.md"))
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()

	var (
		page  []Recipe
		block *Block
	)

	lines := bufio.NewScanner(file)
	for lines.Scan() {
		line := lines.Text()
		heading, isHeading := strings.CutPrefix(line, "## ")
		language, isFence := strings.CutPrefix(line, "```")

		switch {
		case block != nil && isFence:
			last := &page[len(page)-1]
			last.Blocks = append(last.Blocks, *block)
			block = nil
		case block != nil:
			block.Text += line + "\n"
		case isHeading:
			page = append(page, Recipe{Heading: heading})
		case isFence && len(page) > 0:
			block = &Block{Language: language}
		}
	}

	if block != nil {
		return nil, fmt.Errorf("the last block below %q has no end", page[len(page)-1].Heading)
	}

	return page, lines.Err()
}

// Find is the recipe of that heading.
func Find(heading string) (Recipe, error) {
	page, err := Read()
	if err != nil {
		return Recipe{}, err
	}

	for _, r := range page {
		if r.Heading == heading {
			return r, nil
		}
	}

	return Recipe{}, fmt.Errorf("the page has no recipe %q", heading)
}

// Block is the recipe's block number n, from 0 on, in a language.
func (r Recipe) Block(language string, n int) (string, error) {
	for _, b := range r.Blocks {
		if b.Language != language {
			continue
		}

		if n == 0 {
			return b.Text, nil
		}

		n--
	}

	return "", fmt.Errorf("%s: too few blocks of %s", r.Heading, language)
}

// Options are the options of the plugin in one middleware.
type Options = map[string]any

// Middlewares are the plugin's that the recipe's blocks configure, by name.
func (r Recipe) Middlewares() (map[string]Options, error) {
	found := map[string]Options{}

	for _, b := range r.Blocks {
		if b.Language != "yaml" {
			continue
		}

		var dynamic struct {
			HTTP struct {
				Middlewares map[string]struct {
					Plugin map[string]Options `yaml:"plugin"`
				} `yaml:"middlewares"`
			} `yaml:"http"`
		}

		if err := yaml.Unmarshal([]byte(b.Text), &dynamic); err != nil {
			return nil, fmt.Errorf("%s: %w", r.Heading, err)
		}

		for name, middleware := range dynamic.HTTP.Middlewares {
			found[name] = middleware.Plugin[traefik.Alias]
		}
	}

	if len(found) == 0 {
		return nil, fmt.Errorf("%s: no middleware", r.Heading)
	}

	return found, nil
}
